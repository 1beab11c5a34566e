import { createHash } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { Client } from 'minio';
import { ChecksumMismatch, Unavailable } from './errors.ts';
import { GuardedStore } from './guarded-store.ts';
import type {
  ByteRange,
  ListedObject,
  ObjectContent,
  ObjectHead,
  ObjectStore,
  PresignOptions,
  PutBytesOptions,
  PutOptions,
  StoredObject,
} from './object-store.ts';
import { readListPage } from './list-page.ts';
import { inParts } from './parts.ts';
import { checkedTransport, isRecord, parseXml, readText, S3ResponseError } from './s3-transport.ts';
import { canonicalQuery, EMPTY_SHA256, type Pair, sha256Hex, uriEncodePath } from './sigv4.ts';
import { UrlSigner } from './url-signer.ts';

export interface MinioStoreOptions {
  /** `http://127.0.0.1:9000` */
  readonly endpoint: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly bucket: string;
  /** Given, so that no request is ever made to find it out. */
  readonly region: string;
  /** Silence after which a request is given up. Default 10 s. */
  readonly idleTimeoutMs?: number;
}

/** Above S3's minimum of 5 MiB for all parts but the last. */
const PART_BYTES = 8 * 1024 * 1024;
const MAX_DOCUMENT_BYTES = 8 * 1024 * 1024;
const MAX_DELETES = 1000;
const CORS_RULES =
  '<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod>' +
  '<AllowedMethod>HEAD</AllowedMethod><AllowedHeader>*</AllowedHeader><ExposeHeader>ETag</ExposeHeader>' +
  '<MaxAgeSeconds>3600</MaxAgeSeconds></CORSRule></CORSConfiguration>';

/** The object store behind an S3 endpoint: MinIO, the embedded server, or any other. */
export const createMinioStore = (options: MinioStoreOptions): ObjectStore =>
  new GuardedStore(new MinioDriver(options));

interface S3Request {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  readonly key?: string;
  readonly query?: readonly Pair[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** Hex, of the body. */
  readonly sha256?: string;
}

/**
 * The port over `minio`, which signs and sends. Requests are made with its `makeRequestStreamAsync`: `putObject` turns a
 * checksum header into metadata, and its multipart upload numbers parts from 2 and resumes what another writer began.
 */
class MinioDriver implements ObjectStore {
  readonly bucket: string;
  readonly #client: Client;
  readonly #agent: http.Agent;
  readonly #origin: string;
  readonly #signer: UrlSigner;

  constructor({ endpoint, accessKey, secretKey, bucket, region, idleTimeoutMs = 10_000 }: MinioStoreOptions) {
    const { protocol, hostname, port, origin } = new URL(endpoint);
    const isTls = protocol === 'https:';
    this.bucket = bucket;
    this.#origin = origin;
    this.#agent = new (isTls ? https : http).Agent({ keepAlive: true, maxSockets: 64 });
    this.#signer = new UrlSigner({ accessKey, secretKey, region, bucket });
    this.#client = new Client({
      endPoint: hostname,
      port: Number(port) || (isTls ? 443 : 80),
      useSSL: isTls,
      accessKey,
      secretKey,
      region,
      pathStyle: true,
      transportAgent: this.#agent,
      retryOptions: { disableRetry: true },
      ...transportOption(isTls ? 'https:' : 'http:', idleTimeoutMs),
    });
  }

  async put(key: string, bytes: Uint8Array, options: PutBytesOptions = {}): Promise<StoredObject> {
    const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const sha256 = options.sha256 ?? sha256Hex(body);
    const checksum = { 'x-amz-checksum-sha256': Buffer.from(sha256, 'hex').toString('base64') };
    const headers = { ...putHeaders(options), ...checksum };
    const { etag } = await this.#expectStored({ method: 'PUT', key, headers, body, sha256 });
    return { key, etag };
  }

  async putStream(key: string, source: Readable, options: PutOptions = {}): Promise<StoredObject> {
    const parts = inParts(source, PART_BYTES);
    const first = await parts.next();
    const second = await parts.next();
    if (second.done === true) return this.put(key, first.value ?? Buffer.alloc(0), options);

    const { ifNoneMatch, ...described } = options;
    const uploadId = await this.#client.initiateNewMultipartUpload(this.bucket, key, putHeaders(described));
    try {
      const etags: string[] = [];
      for (const part of [first.value, second.value]) {
        etags.push(await this.#uploadPart(key, uploadId, etags.length + 1, part ?? Buffer.alloc(0)));
      }
      for await (const part of parts)
        etags.push(await this.#uploadPart(key, uploadId, etags.length + 1, part));
      return await this.#completeUpload(key, uploadId, etags, ifNoneMatch);
    } catch (error) {
      // Best effort: what stays is invisible, and swept by the bucket's rule for unfinished uploads.
      await this.#client.abortMultipartUpload(this.bucket, key, uploadId).catch(() => undefined);
      throw error;
    }
  }

  async get(key: string, { range }: { range?: ByteRange } = {}): Promise<ObjectContent> {
    const headers: Record<string, string> = range
      ? { range: `bytes=${range.start}-${range.end ?? ''}` }
      : { 'x-amz-checksum-mode': 'ENABLED' };
    const response = await this.#send({ method: 'GET', key, headers });
    const head = readHead(key, response);
    const bodyBytes = Number(response.headers['content-length']);
    return { ...head, bodyBytes, body: response };
  }

  async getBuffer(key: string): Promise<Buffer> {
    const { body, sha256 } = await this.get(key);
    const bytes = await buffer(body);
    if (sha256 !== undefined && sha256Hex(bytes) !== sha256) {
      throw new ChecksumMismatch(`${key}: the bytes that arrived do not have the checksum of the object`);
    }
    return bytes;
  }

  async head(key: string): Promise<ObjectHead> {
    const headers = { 'x-amz-checksum-mode': 'ENABLED' };
    const response = await this.#send({ method: 'HEAD', key, headers });
    response.resume();
    return readHead(key, response);
  }

  async *list(prefix: string): AsyncGenerator<ListedObject> {
    let token: string | undefined;
    do {
      const query: Pair[] = [
        ['list-type', '2'],
        ['encoding-type', 'url'],
        ['prefix', prefix],
      ];
      if (token !== undefined) query.push(['continuation-token', token]);
      const page = readListPage(await this.#document({ method: 'GET', query }));
      yield* page.objects;
      token = page.nextToken;
    } while (token !== undefined);
  }

  async delete(key: string): Promise<void> {
    (await this.#send({ method: 'DELETE', key })).resume();
  }

  async deleteMany(keys: Iterable<string>): Promise<void> {
    const all = [...keys];
    for (let from = 0; from < all.length; from += MAX_DELETES) {
      const [failed] = await this.#client.removeObjects(this.bucket, all.slice(from, from + MAX_DELETES));
      if (failed) throw new Unavailable(`storage did not delete: ${JSON.stringify(failed)}`);
    }
  }

  async copy(fromKey: string, toKey: string): Promise<StoredObject> {
    const headers = { 'x-amz-copy-source': uriEncodePath(`/${this.bucket}/${fromKey}`) };
    const result = await this.#result({ method: 'PUT', key: toKey, headers }, 'CopyObjectResult');
    return { key: toKey, etag: bareEtag(result.ETag) };
  }

  presignGet(key: string, { publicUrl, expiresInSeconds, windowSeconds = 1 }: PresignOptions): string {
    const origin = publicUrl ?? this.#origin;
    return this.#signer.signGet({ origin, key, atMs: Date.now(), expiresInSeconds, windowSeconds });
  }

  async ensureBucket(): Promise<void> {
    try {
      (await this.#send({ method: 'PUT' })).resume();
    } catch (error) {
      if (!isAnswer(error, ['BucketAlreadyOwnedByYou', 'BucketAlreadyExists'])) throw error;
    }
    const body = Buffer.from(CORS_RULES);
    const headers = { 'content-md5': createHash('md5').update(body).digest('base64') };
    try {
      (await this.#send({ method: 'PUT', query: [['cors', '']], headers, body })).resume();
    } catch (error) {
      // MinIO and the embedded server answer every origin without a rule, and do not know bucket rules.
      if (!isAnswer(error, ['NotImplemented'])) throw error;
    }
  }

  async ping(): Promise<void> {
    (await this.#send({ method: 'HEAD' })).resume();
  }

  close(): void {
    this.#agent.destroy();
  }

  async #uploadPart(key: string, uploadId: string, partNumber: number, body: Buffer): Promise<string> {
    const query: Pair[] = [
      ['partNumber', String(partNumber)],
      ['uploadId', uploadId],
    ];
    const headers = { 'content-md5': createHash('md5').update(body).digest('base64') };
    return (await this.#expectStored({ method: 'PUT', key, query, headers, body })).etag;
  }

  async #completeUpload(
    key: string,
    uploadId: string,
    etags: readonly string[],
    ifNoneMatch: '*' | undefined,
  ): Promise<StoredObject> {
    const parts = etags.map(
      (etag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>"${etag}"</ETag></Part>`,
    );
    const result = await this.#result(
      {
        method: 'POST',
        key,
        query: [['uploadId', uploadId]],
        headers: { 'content-type': 'application/xml', ...(ifNoneMatch && { 'if-none-match': ifNoneMatch }) },
        body: Buffer.from(`<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`),
      },
      'CompleteMultipartUploadResult',
    );
    return { key, etag: bareEtag(result.ETag) };
  }

  async #send({ method, key, query, headers, body, sha256 }: S3Request): Promise<IncomingMessage> {
    const payload = body ?? '';
    const hasBody = method === 'PUT' || method === 'POST';
    const payloadHash = sha256 ?? (body ? sha256Hex(body) : EMPTY_SHA256);
    const options = {
      method,
      bucketName: this.bucket,
      ...(key !== undefined && { objectName: key }),
      ...(query && { query: canonicalQuery(query) }),
      headers: hasBody ? { ...headers, 'content-length': String(payload.length) } : { ...headers },
    };
    // Over TLS minio leaves the payload unsigned and wants no hash.
    const signedHash = this.#client.enableSHA256 ? payloadHash : '';
    return this.#client.makeRequestStreamAsync(options, payload, signedHash, [200, 204, 206], '');
  }

  /** Sends bytes, and believes a 200 only with an ETag and without an error document behind it. */
  async #expectStored(request: S3Request): Promise<{ etag: string }> {
    const response = await this.#send(request);
    const answer = await readText(response, MAX_DOCUMENT_BYTES);
    if (response.headers.etag === undefined || answer.includes('<Error>')) {
      throw new Unavailable(`storage answered 200 without storing: ${answer.slice(0, 200)}`);
    }
    return { etag: bareEtag(response.headers.etag) };
  }

  /** Copy and complete may fail after the 200 was sent; then the document is an error. */
  async #result(request: S3Request, root: string): Promise<Record<string, unknown>> {
    const document = parseXml(await this.#document(request))?.[root];
    if (!isRecord(document)) throw new Unavailable(`storage answered 200 without a ${root}`);
    return document;
  }

  async #document(request: S3Request): Promise<string> {
    return readText(await this.#send(request), MAX_DOCUMENT_BYTES);
  }
}

/** minio's options do not allow an explicit `undefined` for the transport. */
function transportOption(protocol: 'http:' | 'https:', idleTimeoutMs: number) {
  const transport = checkedTransport(protocol, idleTimeoutMs);
  return transport && { transport };
}

const putHeaders = (options: PutOptions): Record<string, string> => ({
  'content-type': options.contentType ?? 'application/octet-stream',
  ...(options.cacheControl !== undefined && { 'cache-control': options.cacheControl }),
  ...(options.ifNoneMatch && { 'if-none-match': options.ifNoneMatch }),
});

function readHead(key: string, { headers }: IncomingMessage): ObjectHead {
  if (headers.etag === undefined) throw new Unavailable(`${key}: storage answered 200 without an ETag`);
  const total = headers['content-range']?.split('/')[1] ?? headers['content-length'];
  const checksum = headers['x-amz-checksum-sha256'];
  // Of a multipart object it is a checksum of checksums, marked by a dash.
  const isWhole = typeof checksum === 'string' && !checksum.includes('-');
  return {
    key,
    etag: bareEtag(headers.etag),
    bytes: Number(total),
    contentType: headers['content-type'] ?? 'application/octet-stream',
    cacheControl: headers['cache-control'],
    lastModified: new Date(headers['last-modified'] ?? 0),
    sha256: isWhole ? Buffer.from(checksum, 'base64').toString('hex') : undefined,
  };
}

const bareEtag = (etag: unknown): string => (typeof etag === 'string' ? etag.replace(/^"|"$/g, '') : '');

const isAnswer = (error: unknown, codes: readonly string[]): boolean =>
  error instanceof S3ResponseError && codes.includes(error.code);
