import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { recordingPlace } from '@yike/storage/keys';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manifestOf } from './epoch-index.ts';
import { EpochSpool, type EpochSpoolOptions, type SpooledObject } from './epoch-spool.ts';
import type { MediaPart } from './ports.ts';

const ZERO_AT_MS = 1_790_000_000_000;
let folder: string;
let announced: SpooledObject[];

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'yike-spool-'));
  announced = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const options = (more: Partial<EpochSpoolOptions> = {}): EpochSpoolOptions => ({
  folder,
  place: recordingPlace('0192f0c1-0000-7000-8000-000000000001', 1000),
  anchor: (zeroAtMs) => ({ timelineZeroAtMs: ZERO_AT_MS, epochStartMs: zeroAtMs - ZERO_AT_MS }),
  onObject: (object) => announced.push(object),
  onDamage: (error) => {
    throw error;
  },
  onEnded: () => undefined,
  ...more,
});

const part = (startMs: number, text: string, opensSegment = false): MediaPart => ({
  kind: 'audio',
  startMs,
  endMs: startMs + 350,
  independent: true,
  opensSegment,
  bytes: Buffer.from(text),
});

function begin(spool: EpochSpool): void {
  spool.started(ZERO_AT_MS + 5000);
  spool.init({ kind: 'audio', codec: 'mp4a.40.2', bytes: Buffer.from('init') });
  spool.part(part(0, 'aaa', true));
  spool.part(part(350, 'bbb'));
  spool.part(part(700, 'ccc', true));
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));

describe('an epoch on disk', () => {
  it('announces the init, then each whole segment, with its checksum', async () => {
    const spool = EpochSpool.create(options());
    begin(spool);
    spool.ended('finished');
    await settled();
    expect(announced.map(({ seq, bytes, sha256: hash }) => [seq, bytes, hash])).toEqual([
      [null, 4, sha256('init')],
      [0, 6, sha256('aaabbb')],
      [1, 3, sha256('ccc')],
    ]);
    expect(announced.map(({ file }) => readFileSync(file, 'utf8'))).toEqual(['init', 'aaabbb', 'ccc']);
  });

  it('names in its manifest what storage confirmed, on the timeline, and nothing else', async () => {
    const spool = EpochSpool.create(options());
    begin(spool);
    await settled();
    for (const object of announced) await spool.confirm(object);
    expect(announced.map(({ file }) => existsSync(file))).toEqual([true, false]);
    expect([spool.read('audio', null), spool.read('audio', 0)]).toEqual([Buffer.from('init'), null]);
    const { audio, video } = manifestOf(spool.place, spool.index, 'running').tracks;
    expect(video).toBeUndefined();
    expect(audio?.segments).toEqual([
      {
        seq: 0,
        key: 'recordings/0192f0c1-0000-7000-8000-000000000001/1000/audio/000000.m4s',
        startMs: 5000,
        durationMs: 700,
        bytes: 6,
        sha256: sha256('aaabbb'),
      },
    ]);
  });

  it('takes up what a killed process left: whole parts stay, a torn end goes', async () => {
    const killed = EpochSpool.create(options());
    begin(killed);
    await settled();
    await killed.confirm(announced[0]!);
    await killed.confirm(announced[1]!);
    announced = [];
    appendFileSync(path.join(folder, 'audio/1.m4s'), 'half a pa');
    appendFileSync(path.join(folder, 'journal.jsonl'), '{"did":"part","kind":"aud');

    const spool = EpochSpool.recover(options());
    await settled();
    expect(announced.map(({ seq, sha256: hash }) => [seq, hash])).toEqual([[1, sha256('ccc')]]);
    expect(readFileSync(announced[0]!.file, 'utf8')).toBe('ccc');
    expect(spool.index.ended).toBe('killed');
    expect(spool.index.damaged).toBe(false);
    await spool.confirm(announced[0]!);
    expect(spool.index.isAllStored).toBe(true);
  });

  it('drops a segment that a power cut shortened, and says so', async () => {
    begin(EpochSpool.create(options()));
    await settled();
    announced = [];
    truncateSync(path.join(folder, 'audio/0.m4s'), 2);
    const spool = EpochSpool.recover(options());
    await settled();
    expect(announced.map(({ seq }) => seq)).toEqual([null, 1]);
    expect(spool.index.damaged).toBe(true);
  });

  it('keeps the number of a segment that the disk did not take', async () => {
    const spool = EpochSpool.create(options({ onDamage: () => undefined }));
    begin(spool);
    rmSync(path.join(folder, 'audio'), { recursive: true });
    spool.part(part(1_050, 'lost', true));
    spool.part(part(1_400, 'lost, too'));
    mkdirSync(path.join(folder, 'audio'));
    spool.part(part(1_750, 'ddd', true));
    spool.ended('finished');
    await settled();
    expect(announced.map(({ seq }) => seq)).toEqual([null, 0, 1, 3]);
    expect(spool.index.damaged).toBe(true);
  });

  it('can be taken up again and again', async () => {
    begin(EpochSpool.create(options()));
    await settled();
    for (let round = 0; round < 3; round++) {
      announced = [];
      EpochSpool.recover(options());
      await settled();
      expect(announced.map(({ seq }) => seq)).toEqual([null, 0, 1]);
    }
  });
});
