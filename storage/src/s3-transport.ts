import http from 'node:http';
import https from 'node:https';
import type { Client } from 'minio';
import { XMLParser } from 'fast-xml-parser';

type Transport = ConstructorParameters<typeof Client>[0]['transport'];
type OnResponse = (response: http.IncomingMessage) => void;

/** Longest error document that is read. */
const MAX_ERROR_BYTES = 64 * 1024;

/** An answer of storage that is not a success. `code` is S3's (`NoSuchKey`), or empty where there was no body. */
export class S3ResponseError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, body: string) {
    const { code, message } = parseErrorDocument(body);
    super(`storage answered ${status} ${code} ${message}`.trim());
    this.name = 'S3ResponseError';
    this.status = status;
    this.code = code;
  }
}

/** Storage did not send or take a byte for the given time. */
export class S3Timeout extends Error {
  readonly code = 'ETIMEDOUT';
}

/**
 * What `minio` uses in place of `node:http`. minio-js neither has time limits nor frees the connection of a 5xx answer,
 * whose status it drops; here every answer but a success becomes one `S3ResponseError`, and silence an `S3Timeout`.
 */
export function checkedTransport(protocol: 'http:' | 'https:', idleTimeoutMs: number): Transport {
  const inner = protocol === 'https:' ? https : http;
  const request = (options: http.RequestOptions, onResponse: OnResponse): http.ClientRequest => {
    const outgoing = inner.request(options, (response) => {
      const status = response.statusCode ?? 0;
      if (status >= 200 && status < 300) {
        onResponse(response);
        return;
      }
      readText(response, MAX_ERROR_BYTES).then(
        (body) => outgoing.emit('error', new S3ResponseError(status, body)),
        (error: unknown) => outgoing.emit('error', error),
      );
    });
    outgoing.setTimeout(idleTimeoutMs, () =>
      outgoing.destroy(new S3Timeout(`storage was silent for ${idleTimeoutMs} ms`)),
    );
    return outgoing;
  };
  return { request } as Transport; // minio calls only this one of the overloads
}

/** The body as text; the connection is given up if it is longer than `maxBytes`. */
export async function readText(response: http.IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > maxBytes) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}

const xml = new XMLParser({ parseTagValue: false, trimValues: false, ignoreAttributes: true });

function parseErrorDocument(body: string): { code: string; message: string } {
  const document = parseXml(body)?.Error;
  const fields = isRecord(document) ? document : {};
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  return { code: text(fields.Code), message: text(fields.Message) };
}

/** All values are strings, records or lists of these; undefined if it is not XML. */
export function parseXml(text: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = xml.parse(text);
    return isRecord(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
