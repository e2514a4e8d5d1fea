import XMLBuilder from 'fast-xml-builder';
import type { Element } from './element.ts';

const builder = new XMLBuilder({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  suppressEmptyNode: true,
  format: true,
});

/** What XML 1.0 has no way to write, not even escaped. */
const UNWRITABLE = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/** A whole document, in UTF-8. */
export function xmlOf(root: Element): string {
  return `<?xml version="1.0" encoding="UTF-8"?>${builder.build([orderedOf(root)])}`;
}

function orderedOf({ name, attributes, text, children }: Element): object {
  const content = children.length > 0 ? children.map(orderedOf) : text === '' ? [] : [textNode(text)];
  const written = Object.entries(attributes).map(([key, value]) => [key, writable(value)]);
  return { [name]: content, ':@': Object.fromEntries(written) };
}

function textNode(text: string): object {
  return { '#text': writable(text) };
}

function writable(text: string): string {
  return text.replace(UNWRITABLE, '\ufffd');
}
