/**
 * Why an epoch ended by itself: ffmpeg `exited`; nothing came out of it for too long (`no-media`; at the start: there is no
 * picture); its tracks do not begin together (`misaligned`); its output is not what it should be (`malformed`); the `sink` threw;
 * or the `router` is gone.
 */
export type EpochFailureCode = 'exited' | 'no-media' | 'misaligned' | 'malformed' | 'sink' | 'router';

/** An epoch that ended by itself. What it has written stays good; its owner opens the next one. */
export class EpochFailure extends Error {
  override readonly name = 'EpochFailure';
  readonly code: EpochFailureCode;

  constructor(code: EpochFailureCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
