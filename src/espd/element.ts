/** One element of a UBL document, its names written with the prefixes of UBL: `cac:`, `cbc:`, none for the root. */
export interface Element {
  name: string;
  attributes: Readonly<Record<string, string>>;
  /** Of an element that holds others: none. */
  text: string;
  children: readonly Element[];
}

export type Attributes = Element['attributes'];

export function leaf(name: string, text: string, attributes: Attributes = {}): Element {
  return { name, attributes, text, children: [] };
}

/** @param children those that are null are left out */
export function branch(name: string, children: readonly (Element | null)[]): Element {
  return { name, attributes: {}, text: '', children: children.filter((child) => child !== null) };
}

export function childOf({ children }: Element, name: string): Element | undefined {
  return children.find((child) => child.name === name);
}

export function childrenOf({ children }: Element, name: string): Element[] {
  return children.filter((child) => child.name === name);
}

/** The text of what a path of names leads to; empty when it leads nowhere. */
export function textAt(element: Element | undefined, ...names: string[]): string {
  const found = names.reduce<Element | undefined>((at, name) => at && childOf(at, name), element);
  return found?.text ?? '';
}
