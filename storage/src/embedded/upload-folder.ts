import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BucketFolder, namesIn } from './bucket-folder.ts';
import type { Checksum } from './checksums.ts';
import type { ConditionHeaders } from './conditions.ts';
import { isSystemError, S3Error } from './s3-error.ts';
import { openSealed, type Seal, writeSealed } from './sealed-file.ts';

export interface Upload {
  readonly uploadId: string;
  readonly key: string;
  readonly initiatedAtMs: number;
  /** Of the object to be. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface Part {
  readonly partNumber: number;
  readonly seal: Seal;
}

export interface NamedPart {
  readonly partNumber: number;
  /** Without quotes. */
  readonly etag: string;
}

const MIN_PART_BYTES = 5 * 1024 * 1024;
const PART_SUFFIX = '@part';
const UPLOAD_ID = /^[0-9a-f]{32}$/;

/**
 * Multipart uploads of one bucket: `uploads/<id>/upload.json` and one sealed file a part, `00001@part`. They survive a restart, and
 * nothing of them is an object before it is completed.
 */
export class UploadFolder {
  readonly #bucket: BucketFolder;
  readonly #root: string;

  constructor(bucket: BucketFolder) {
    this.#bucket = bucket;
    this.#root = join(bucket.path, 'uploads');
  }

  async create(key: string, headers: Readonly<Record<string, string>>): Promise<Upload> {
    const upload = { uploadId: randomBytes(16).toString('hex'), key, initiatedAtMs: Date.now(), headers };
    const temporary = this.#bucket.temporaryPath();
    await mkdir(temporary);
    await writeFile(join(temporary, 'upload.json'), JSON.stringify(upload), { flush: true });
    await mkdir(this.#root, { recursive: true });
    await rename(temporary, this.#pathOf(upload.uploadId));
    return upload;
  }

  /** @throws S3Error NoSuchUpload, also if it is an upload of another key */
  async find(uploadId: string, key: string): Promise<Upload> {
    const upload = UPLOAD_ID.test(uploadId) ? await this.#read(uploadId) : undefined;
    if (upload?.key !== key) throw noSuchUpload();
    return upload;
  }

  /** All uploads, by key, then by age. */
  async list(): Promise<Upload[]> {
    const uploads = await Promise.all((await namesIn(this.#root)).map((name) => this.#read(name)));
    return uploads
      .filter((upload) => upload !== undefined)
      .sort(
        (a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)) || a.initiatedAtMs - b.initiatedAtMs,
      );
  }

  /** A part sent again takes the place of the earlier one. */
  async putPart(
    upload: Upload,
    partNumber: number,
    source: AsyncIterable<Buffer>,
    checksum: () => Checksum | undefined,
  ): Promise<Seal> {
    const temporary = this.#bucket.temporaryPath();
    const seal = await writeSealed(temporary, source, ({ bytes, md5 }) => ({
      key: upload.key,
      bytes,
      etag: md5,
      lastModifiedMs: Date.now(),
      checksum: checksum(),
      headers: {},
    }));
    try {
      await rename(temporary, this.#partPath(upload.uploadId, partNumber));
    } catch (error) {
      await rm(temporary, { force: true });
      throw isSystemError(error, 'ENOENT') ? noSuchUpload() : error; // aborted or completed meanwhile
    }
    return seal;
  }

  /** In the order of their numbers. */
  async listParts({ uploadId }: Upload): Promise<Part[]> {
    const names = (await namesIn(this.#pathOf(uploadId))).filter((name) => name.endsWith(PART_SUFFIX)).sort();
    return Promise.all(names.map((name) => this.#readPart(uploadId, parseInt(name, 10))));
  }

  /**
   * Makes one object of the parts named.
   * @throws S3Error InvalidPartOrder, InvalidPart, EntityTooSmall, PreconditionFailed, NoSuchUpload
   */
  async complete(upload: Upload, named: readonly NamedPart[], conditions: ConditionHeaders): Promise<Seal> {
    return this.#bucket.mutex.run(upload.uploadId, async () => {
      await this.find(upload.uploadId, upload.key); // another request may have completed it meanwhile
      const parts = await this.#choose(upload, named);
      const seal = await this.#bucket.put({
        key: upload.key,
        source: this.#joined(upload.uploadId, parts),
        headers: upload.headers,
        conditions,
        etag: () => combinedEtag(parts),
      });
      await this.#remove(upload.uploadId);
      return seal;
    });
  }

  abort(upload: Upload): Promise<void> {
    return this.#bucket.mutex.run(upload.uploadId, async () => {
      await this.find(upload.uploadId, upload.key);
      await this.#remove(upload.uploadId);
    });
  }

  async #choose(upload: Upload, named: readonly NamedPart[]): Promise<Part[]> {
    if (named.length === 0) throw new S3Error('MalformedXML', 'You must specify at least one part');
    if (named.some(({ partNumber }, index) => partNumber <= (named[index - 1]?.partNumber ?? 0))) {
      throw new S3Error('InvalidPartOrder', 'The list of parts was not in ascending order.');
    }
    const stored = new Map((await this.listParts(upload)).map((part) => [part.partNumber, part]));
    const chosen = named.map(({ partNumber, etag }) => {
      const part = stored.get(partNumber);
      if (part?.seal.etag !== etag) {
        throw new S3Error('InvalidPart', 'One or more of the specified parts could not be found.');
      }
      return part;
    });
    if (chosen.slice(0, -1).some(({ seal }) => seal.bytes < MIN_PART_BYTES)) {
      throw new S3Error('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size');
    }
    return chosen;
  }

  async *#joined(uploadId: string, parts: readonly Part[]): AsyncGenerator<Buffer> {
    for (const { partNumber, seal } of parts) {
      if (seal.bytes === 0) continue;
      const { file } = await openSealed(this.#partPath(uploadId, partNumber));
      yield* file.createReadStream({ start: 0, end: seal.bytes - 1 }) as AsyncIterable<Buffer>;
    }
  }

  async #readPart(uploadId: string, partNumber: number): Promise<Part> {
    const { file, seal } = await openSealed(this.#partPath(uploadId, partNumber));
    await file.close();
    return { partNumber, seal };
  }

  async #read(uploadId: string): Promise<Upload | undefined> {
    try {
      const text = await readFile(join(this.#pathOf(uploadId), 'upload.json'), 'utf8');
      return JSON.parse(text) as Upload; // written by create only
    } catch (error) {
      if (isSystemError(error, 'ENOENT')) return undefined;
      throw error;
    }
  }

  /** Moved away first: a crash in the middle leaves no half upload. */
  async #remove(uploadId: string): Promise<void> {
    const trash = this.#bucket.temporaryPath();
    await rename(this.#pathOf(uploadId), trash);
    await rm(trash, { recursive: true, force: true });
  }

  #pathOf(uploadId: string): string {
    return join(this.#root, uploadId);
  }

  #partPath(uploadId: string, partNumber: number): string {
    return join(this.#pathOf(uploadId), `${String(partNumber).padStart(5, '0')}${PART_SUFFIX}`);
  }
}

/** MD5 of the parts' MD5s, and their number: what S3 gives. */
function combinedEtag(parts: readonly Part[]): string {
  const hash = createHash('md5');
  for (const { seal } of parts) hash.update(Buffer.from(seal.etag, 'hex'));
  return `${hash.digest('hex')}-${parts.length}`;
}

const noSuchUpload = (): S3Error =>
  new S3Error(
    'NoSuchUpload',
    'The specified multipart upload does not exist. It may have been aborted or completed.',
  );
