import { XMLParser } from 'fast-xml-parser';
import { S3Error } from './s3-error.ts';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';
const HEADER = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** An element; text is escaped, undefined children are left out. */
export function element(
  name: string,
  ...children: readonly (Markup | string | number | boolean | undefined)[]
): Markup {
  const content = children
    .map((child) =>
      child instanceof Markup ? child.text : escapeText(child === undefined ? '' : String(child)),
    )
    .join('');
  return new Markup(`<${name}>${content}</${name}>`);
}

/** Text that is XML already. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export const text = (content: string): Markup => new Markup(escapeText(content));

export const optional = (name: string, value: string | number | undefined): Markup =>
  value === undefined ? new Markup('') : element(name, value);

/** A whole document with S3's namespace. */
export const xmlDocument = (root: string, ...children: readonly Markup[]): string =>
  `${HEADER}<${root} xmlns="${NAMESPACE}">${children.map(({ text }) => text).join('')}</${root}>`;

export const errorDocument = (code: string, message: string, resource: string, requestId: string): string =>
  HEADER +
  element(
    'Error',
    element('Code', code),
    element('Message', message),
    element('Resource', resource),
    element('RequestId', requestId),
  ).text;

// eslint-disable-next-line no-control-regex -- XML 1.0 has no control characters but by reference
const ESCAPED = /[&<>"\u0000-\u001f\u007f\ufffe\uffff]/g;
const NAMED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escapeText = (text: string): string =>
  text.replace(ESCAPED, (character) => NAMED[character] ?? `&#${character.charCodeAt(0)};`);

const parser = new XMLParser({
  parseTagValue: false,
  trimValues: false,
  ignoreAttributes: true,
  htmlEntities: true, // for references such as &#13;
  isArray: (name) => name === 'Part' || name === 'Object',
});

/**
 * The children of the root element; values are strings, records or, for `Part` and `Object`, lists.
 * @throws S3Error MalformedXML
 */
export function parseDocument(text: string, root: string): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = parser.parse(text);
  } catch {
    parsed = undefined;
  }
  const content = isRecord(parsed) ? parsed[root] : undefined;
  // The parser forgives a document that breaks off
  if (!isRecord(content) || !text.trimEnd().endsWith(`</${root}>`))
    throw new S3Error('MalformedXML', 'The XML you provided was not well-formed.');
  return content;
}

/** The records in a list of `parseDocument`. */
export const recordsIn = (value: unknown): Record<string, unknown>[] =>
  Array.isArray(value) ? value.filter(isRecord) : [];

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
