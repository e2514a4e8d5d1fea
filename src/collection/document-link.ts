import type { DocumentDeclaration } from '../sources/source.ts';

const LINK_MAX = 4_000;

/**
 * Where a link leads, if it may be followed: to a machine that the source declares, by HTTPS on its own port; or to
 * where the sources themselves are asked, which the operator chose. Null for anything else.
 *
 * @param ownOrigin of the sources: scheme, machine and port
 */
export function followableLink(
  link: string,
  { hosts }: DocumentDeclaration,
  ownOrigin: string,
): { origin: string; path: string } | null {
  const url = link.length <= LINK_MAX ? URL.parse(link) : null;
  if (url?.username !== '' || url.password !== '') return null;
  const isDeclared = url.protocol === 'https:' && url.port === '' && hosts.includes(url.hostname);
  if (!isDeclared && url.origin !== ownOrigin) return null;
  return { origin: url.origin, path: url.pathname + url.search };
}
