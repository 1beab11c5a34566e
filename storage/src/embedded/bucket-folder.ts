import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm, rmdir, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Checksum } from './checksums.ts';
import { assertWrite, type ConditionHeaders } from './conditions.ts';
import { objectPath } from './file-names.ts';
import { type Cursor, walkKeys } from './key-walk.ts';
import type { KeyedMutex } from './keyed-mutex.ts';
import { isSystemError, S3Error } from './s3-error.ts';
import { openSealed, type Seal, writeSealed, type Written } from './sealed-file.ts';

export interface BucketFolderOptions {
  readonly path: string;
  /** On the same file system, for what is being written. */
  readonly temporary: string;
  readonly mutex: KeyedMutex;
}

export interface NewObject {
  readonly key: string;
  readonly source: AsyncIterable<Buffer>;
  readonly headers: Readonly<Record<string, string>>;
  readonly conditions: ConditionHeaders;
  /** Asked at the end of `source`. */
  readonly checksum?: () => Checksum | undefined;
  /** Default: the MD5 of the bytes. */
  readonly etag?: (written: Written) => string;
}

/** A delete may remove a folder between its creation and the rename into it. */
const MAX_COMMIT_ATTEMPTS = 10;

/** The objects of one bucket on disk. An object appears, changes and goes as a whole. */
export class BucketFolder {
  readonly path: string;
  readonly #options: BucketFolderOptions;
  readonly #objects: string;

  constructor(options: BucketFolderOptions) {
    this.#options = options;
    this.path = options.path;
    this.#objects = join(options.path, 'objects');
  }

  get mutex(): KeyedMutex {
    return this.#options.mutex;
  }

  temporaryPath(): string {
    return join(this.#options.temporary, randomBytes(16).toString('hex'));
  }

  keys(prefix: string, cursor?: Cursor): AsyncGenerator<string> {
    return walkKeys(this.#objects, prefix, cursor);
  }

  async isEmpty(): Promise<boolean> {
    const first = await this.keys('').next();
    return first.done === true;
  }

  /**
   * Opens an object; the caller closes the file. What is read is one version, whatever is written meanwhile.
   * @throws S3Error NoSuchKey
   */
  async open(key: string): Promise<{ file: FileHandle; seal: Seal }> {
    try {
      return await openSealed(this.#pathOf(key));
    } catch (error) {
      if (!isSystemError(error, 'ENOENT', 'ENOTDIR')) throw error;
      throw new S3Error('NoSuchKey', 'The specified key does not exist.');
    }
  }

  /** @throws S3Error NoSuchKey */
  async readSeal(key: string): Promise<Seal> {
    const { file, seal } = await this.open(key);
    await file.close();
    return seal;
  }

  /**
   * Writes an object aside and, once it is complete, verified and on disk, moves it to its place.
   * @throws S3Error PreconditionFailed, and what `source` throws
   */
  async put({ key, source, headers, conditions, checksum, etag }: NewObject): Promise<Seal> {
    await this.#assertWrite(key, conditions); // early, before a long body is read
    const temporary = this.temporaryPath();
    const seal = await writeSealed(temporary, source, (written) => ({
      key,
      bytes: written.bytes,
      etag: etag?.(written) ?? written.md5,
      lastModifiedMs: Date.now(),
      checksum: checksum?.(),
      headers,
    }));
    try {
      await this.#exclusively(key, async () => {
        await this.#assertWrite(key, conditions);
        await moveInto(temporary, this.#pathOf(key));
      });
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    return seal;
  }

  /** No error if there is no such object. */
  async delete(key: string): Promise<void> {
    await this.#exclusively(key, async () => {
      try {
        await unlink(this.#pathOf(key));
      } catch (error) {
        if (!isSystemError(error, 'ENOENT', 'ENOTDIR')) throw error;
        return;
      }
      await removeEmptyFolders(this.#objects, objectPath(key).slice(0, -1));
    });
  }

  async #assertWrite(key: string, conditions: ConditionHeaders): Promise<void> {
    if (conditions.ifMatch === undefined && conditions.ifNoneMatch === undefined) return;
    assertWrite(conditions, await this.#etagOf(key));
  }

  async #etagOf(key: string): Promise<string | undefined> {
    try {
      return (await this.readSeal(key)).etag;
    } catch (error) {
      if (error instanceof S3Error && error.code === 'NoSuchKey') return undefined;
      throw error;
    }
  }

  #exclusively<Result>(key: string, task: () => Promise<Result>): Promise<Result> {
    return this.mutex.run(`${this.path}\0${key}`, task);
  }

  #pathOf(key: string): string {
    return join(this.#objects, ...objectPath(key));
  }
}

/** Renames a finished file to its place, making the folders, and forces the change to disk. */
async function moveInto(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const firstCreated = await mkdir(dirname(to), { recursive: true });
    try {
      await rename(from, to);
    } catch (error) {
      if (isSystemError(error, 'ENOENT') && attempt < MAX_COMMIT_ATTEMPTS) continue;
      throw error;
    }
    // Each new folder is an entry in the one above it.
    const top = firstCreated === undefined ? dirname(to) : dirname(firstCreated);
    for (let folder = dirname(to); folder.length >= top.length; folder = dirname(folder)) {
      await syncFolder(folder);
    }
    return;
  }
}

async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r');
    await folder.sync().finally(() => folder.close());
  } catch (error) {
    // Another request may have emptied it; and not every file system can sync a folder.
    if (!isSystemError(error, 'ENOENT', 'EISDIR', 'EINVAL', 'EPERM')) throw error;
  }
}

/** Removes the folders that became empty, from the innermost upwards, but never `top`. */
async function removeEmptyFolders(top: string, names: readonly string[]): Promise<void> {
  for (let depth = names.length; depth > 0; depth--) {
    try {
      await rmdir(join(top, ...names.slice(0, depth)));
    } catch {
      return; // not empty, or another delete was quicker
    }
  }
}

/** The names in a folder; none if it is missing. */
export async function namesIn(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return [];
    throw error;
  }
}
