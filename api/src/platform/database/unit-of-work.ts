import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { isRetryable } from './database-errors.ts';

/** The open transaction; what is done through it happens together or not at all. */
export type Tx = EntityManager;

const ATTEMPTS = 5;
const FIRST_PAUSE_MS = 10;

/** Runs work in one transaction, and again when PostgreSQL asks for that. */
@Injectable()
export class UnitOfWork {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Read committed unless said otherwise. The work may run more than once: it touches nothing but the transaction.
   * @throws what the work throws; after five attempts the serialization failure itself
   */
  async run<T>(
    work: (tx: Tx) => Promise<T>,
    isolation: 'READ COMMITTED' | 'SERIALIZABLE' = 'READ COMMITTED',
  ): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.dataSource.transaction(isolation, work);
      } catch (error) {
        if (attempt === ATTEMPTS || !isRetryable(error)) throw error;
        await sleep(FIRST_PAUSE_MS * 2 ** attempt * (0.5 + Math.random()));
      }
    }
  }

  /** For reads that need no transaction of their own. */
  get reader(): Tx {
    return this.dataSource.manager;
  }
}
