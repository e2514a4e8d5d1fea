import type { Expectation } from './coerce.ts';
import type { Spend } from './effort.ts';
import { type JsonSchema, listedSchemas } from './json-schema.ts';
import type { Layered, Path } from './layers.ts';

type LayersOf = (schema: JsonSchema, path: Path) => Layered;

/** What a value is expected to be, alternatives included: which of them it is, is judged afterwards. */
export function createExpectationOf(layersOf: LayersOf, spend: Spend) {
  return function expectationOf(schema: JsonSchema, path: Path): Expectation {
    const { layers, path: within } = layersOf(schema, path);
    const alternatives = layers
      .flatMap((layer) => [...listedSchemas(layer, 'anyOf'), ...listedSchemas(layer, 'oneOf')])
      .map((one) => expectationOf(one, within));
    const members = layers.flatMap((layer) => [
      ...listedSchemas(layer, 'enum'),
      ...(Object.hasOwn(layer, 'const') ? [layer.const] : []),
    ]);
    spend(members.length);
    return {
      types: [
        ...layers.flatMap(({ type }) => type ?? []),
        ...alternatives.flatMap(({ types }) => types),
      ] as string[],
      formats: [
        ...layers.flatMap(({ format }) => format ?? []),
        ...alternatives.flatMap(({ formats }) => formats),
      ] as string[],
      members: [...members, ...alternatives.flatMap((one) => one.members)],
    };
  };
}
