/** The segments of a JSON pointer (RFC 6901); null when it is none. */
export function segmentsOf(pointer: string): string[] | null {
  if (pointer === '') return [];
  if (!pointer.startsWith('/') || /~(?![01])/.test(pointer)) return null;
  return pointer
    .slice(1)
    .split('/')
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

export function pointerTo(segments: readonly string[]): string {
  return segments.map((segment) => `/${segment.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

const INDEX = /^(0|[1-9]\d{0,5})$/;

/** What a pointer leads to, among what values have themselves; undefined when it leads nowhere. */
export function valueAt(root: unknown, segments: readonly string[]): unknown {
  let value = root;
  for (const segment of segments) {
    if (Array.isArray(value)) value = INDEX.test(segment) ? value[Number(segment)] : undefined;
    else if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment)) return undefined;
    else value = (value as Record<string, unknown>)[segment];
  }
  return value;
}
