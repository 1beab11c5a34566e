import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BucketFolder } from './bucket-folder.ts';
import { KeyedMutex } from './keyed-mutex.ts';
import { isSystemError, S3Error } from './s3-error.ts';

export interface BucketInfo {
  readonly name: string;
  readonly createdAtMs: number;
}

/**
 * The folder of the embedded server, owned by one process:
 *
 *     buckets/<bucket>/objects/…     see file-names.ts
 *     buckets/<bucket>/uploads/…     see upload-folder.ts
 *     tmp/…                          what is being written; emptied at start
 */
export class StorageFolder {
  readonly #root: string;
  readonly #mutex = new KeyedMutex();

  static async create(root: string): Promise<StorageFolder> {
    await rm(join(root, 'tmp'), { recursive: true, force: true });
    await mkdir(join(root, 'tmp'), { recursive: true });
    await mkdir(join(root, 'buckets'), { recursive: true });
    return new StorageFolder(root);
  }

  private constructor(root: string) {
    this.#root = root;
  }

  async listBuckets(): Promise<BucketInfo[]> {
    const names = (await readdir(join(this.#root, 'buckets'))).sort();
    return Promise.all(
      names.map(async (name) => {
        const { birthtimeMs } = await stat(this.#bucketPath(name));
        return { name, createdAtMs: birthtimeMs };
      }),
    );
  }

  /** @throws S3Error BucketAlreadyOwnedByYou */
  async createBucket(name: string): Promise<void> {
    try {
      await mkdir(this.#bucketPath(name));
    } catch (error) {
      if (!isSystemError(error, 'EEXIST')) throw error;
      throw new S3Error('BucketAlreadyOwnedByYou', 'Your previous request to create the bucket succeeded.');
    }
  }

  /** @throws S3Error NoSuchBucket, BucketNotEmpty */
  async deleteBucket(name: string): Promise<void> {
    const bucket = await this.bucket(name);
    if (!(await bucket.isEmpty())) {
      throw new S3Error('BucketNotEmpty', 'The bucket you tried to delete is not empty.');
    }
    // Moved away first: a crash in the middle leaves no half bucket.
    const trash = join(this.#root, 'tmp', `bucket-${name}-${process.hrtime.bigint()}`);
    await rename(this.#bucketPath(name), trash);
    await rm(trash, { recursive: true, force: true });
  }

  /** @throws S3Error NoSuchBucket */
  async bucket(name: string): Promise<BucketFolder> {
    const path = this.#bucketPath(name);
    const isThere = await stat(path).then(
      (found) => found.isDirectory(),
      () => false,
    );
    if (!isThere) throw new S3Error('NoSuchBucket', 'The specified bucket does not exist');
    return new BucketFolder({ path, temporary: join(this.#root, 'tmp'), mutex: this.#mutex });
  }

  #bucketPath(name: string): string {
    return join(this.#root, 'buckets', name);
  }
}
