import { EventEmitter } from 'node:events';
import type { TrackKind } from '@yike/contracts/control/manifest';
import type { Router } from 'mediasoup/types';
import { epochArguments } from '../core/ffmpeg-arguments.ts';
import { systemClock, type Clock } from './clock.ts';
import { EpochFailure } from './epoch-failure.ts';
import { EpochLine } from './epoch-line.ts';
import type { EpochProducers } from './epoch-streams.ts';
import { FfmpegProcess } from './ffmpeg-process.ts';
import type { EpochSink, MediaPart, TrackInit } from './ports.ts';
import { TrackOutput } from './track-output.ts';

/** What the recorder says to its log. pino's loggers fit. */
export interface RecorderLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface EpochRecorderOptions {
  readonly router: Router;
  readonly producers: EpochProducers;
  readonly sink: EpochSink;
  readonly ffmpegPath: string;
  /** As whom ffmpeg runs; as we are where absent. */
  readonly childUid?: number | undefined;
  readonly childGid?: number | undefined;
  /**
   * The publisher is asked for a key frame when none has come for so long: segments can only begin at one. A little longer than the studio
   * waits between those that it makes by itself.
   */
  readonly keyFrameEveryMs?: number | undefined;
  readonly logger: RecorderLogger;
  readonly clock?: Clock | undefined;
}

interface EpochRecorderEvents {
  /** It ended by itself; `sink.ended('killed')` has been called. */
  died: [failure: EpochFailure];
}

const DEFAULT_KEY_FRAME_EVERY_MS = 2_500;
const LISTENING_WITHIN_MS = 10_000;
const WATCH_EVERY_MS = 1_000;
/** So many looks in a row without a new part, and the epoch is given up. Looks, not time: we may have been stopped ourselves. */
const MAX_IDLE_WATCHES = 8;

/**
 * Records one epoch: a fixed set of producers through the tap and one ffmpeg into the sink, both tracks on one clock. Whatever the
 * producers do (mute, pause, lose packets), both tracks go on; where nobody sends sound there is silence; without a producer of
 * video there is a track of sound alone. It ends by `stop()`, by `close()`, or by itself (`died`).
 *
 * The sink hears `ended` exactly once, and `started` before anything else of media; an epoch in which nothing came has no start.
 */
export class EpochRecorder extends EventEmitter<EpochRecorderEvents> {
  readonly #line: EpochLine;
  readonly #ffmpeg: FfmpegProcess;
  readonly #sink: EpochSink;
  readonly #logger: RecorderLogger;
  readonly #watch: NodeJS.Timeout;
  readonly #ended: Promise<void>;
  #state: 'running' | 'stopping' | 'closing' = 'running';
  #failure: EpochFailure | undefined;
  #hasStarted = false;
  #idleWatches = 0;

  private constructor(line: EpochLine, ffmpeg: FfmpegProcess, options: EpochRecorderOptions) {
    super();
    this.#line = line;
    this.#ffmpeg = ffmpeg;
    this.#sink = options.sink;
    this.#logger = options.logger;
    this.#watch = setInterval(() => this.#lookForMedia(), WATCH_EVERY_MS);
    line.onRouterClosed(() => this.#fail(new EpochFailure('router', 'the router is gone')));
    this.#ended = this.#run();
  }

  /**
   * Starts an epoch: media flows when this resolves.
   * @throws Error where it cannot be started; the sink has heard nothing then
   */
  static async create(options: EpochRecorderOptions): Promise<EpochRecorder> {
    const { router, producers, keyFrameEveryMs = DEFAULT_KEY_FRAME_EVERY_MS, clock = systemClock } = options;
    const line = await EpochLine.create({ router, producers, keyFrameEveryMs, clock });
    const ffmpeg = FfmpegProcess.start({
      path: options.ffmpegPath,
      args: epochArguments({ video: line.treatment }),
      input: line.sdp,
      uid: options.childUid,
      gid: options.childGid,
    });
    try {
      await ffmpeg.listening(line.ports, LISTENING_WITHIN_MS);
      await line.open();
      return new EpochRecorder(line, ffmpeg, options);
    } catch (error) {
      ffmpeg.kill();
      line.close();
      throw error;
    }
  }

  /** The process id of its ffmpeg. */
  get pid(): number | undefined {
    return this.#ffmpeg.pid;
  }

  /** Whether any media came out of it. */
  get hasStarted(): boolean {
    return this.#hasStarted;
  }

  /** Ends the epoch: resolves when its last part is with the sink and `ended` has been called. */
  async stop(): Promise<void> {
    if (this.#state === 'running') {
      this.#state = 'stopping';
      this.#line.end();
      void this.#ffmpeg.stopped();
    }
    return this.#ended;
  }

  /** Ends the epoch at once, without what ffmpeg still holds; `sink.ended('killed')` follows. Idempotent. */
  close(): void {
    this.#state = 'closing';
    this.#ffmpeg.kill();
  }

  get #kinds(): readonly TrackKind[] {
    return this.#line.treatment === 'none' ? ['audio'] : ['video', 'audio'];
  }

  async #run(): Promise<void> {
    const reading = this.#kinds.map((kind) => this.#read(kind));
    const exit = await this.#ffmpeg.exited;
    await Promise.all(reading);
    clearInterval(this.#watch);
    this.#line.close();
    const isFinished = this.#state === 'stopping' && this.#failure === undefined && exit.signal === null;
    if (this.#state === 'running') this.#failure ??= new EpochFailure('exited', 'ffmpeg ended by itself');
    const { code, signal } = exit;
    this.#logger.info({ code, signal, stderr: exit.stderr.trim() }, 'epoch ended');
    this.#sink.ended(isFinished ? 'finished' : 'killed');
    if (this.#failure !== undefined && this.#state === 'running') this.emit('died', this.#failure);
  }

  async #read(kind: 'video' | 'audio'): Promise<void> {
    const output = new TrackOutput(kind, {
      init: (init) => this.#takeInit(init),
      part: (part) => this.#takePart(part),
    });
    try {
      await output.read(this.#ffmpeg.output(kind));
    } catch (error) {
      this.#fail(
        error instanceof EpochFailure ? error : new EpochFailure('sink', 'reading failed', { cause: error }),
      );
    }
  }

  #takeInit(init: TrackInit): void {
    const zeroAtMs = this.#line.tap.zeroAtMs;
    if (zeroAtMs === undefined) throw new EpochFailure('misaligned', 'media came before its sender');
    this.#tell(() => {
      if (!this.#hasStarted) this.#sink.started(zeroAtMs, this.#kinds);
      this.#hasStarted = true;
      this.#sink.init(init);
    });
  }

  #takePart(part: MediaPart): void {
    this.#idleWatches = 0;
    this.#tell(() => this.#sink.part(part));
  }

  /** @throws EpochFailure where the sink throws */
  #tell(say: () => void): void {
    try {
      say();
    } catch (cause) {
      throw new EpochFailure('sink', 'the sink took no more', { cause });
    }
  }

  #lookForMedia(): void {
    this.#idleWatches += 1;
    if (this.#idleWatches > MAX_IDLE_WATCHES) this.#fail(new EpochFailure('no-media', 'nothing is recorded'));
  }

  /** The first failure counts; what is in the pipes is still read. */
  #fail(failure: EpochFailure): void {
    if (this.#failure !== undefined) return;
    this.#failure = failure;
    this.#logger.warn({ code: failure.code, err: failure }, 'epoch failed');
    this.#ffmpeg.kill();
  }
}
