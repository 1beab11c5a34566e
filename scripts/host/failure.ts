/**
 * A failure that a person can act on: its message is one whole sentence, shown as it is and without a stack.
 * Anything else that is thrown is a bug of ours and keeps its stack.
 */
export class SetupFailure extends Error {
  override readonly name = 'SetupFailure';
}

const SENTENCES: Record<string, (error: NodeJS.ErrnoException) => string> = {
  EDQUOT: (error) => `The disk quota is used up${at(error)}: free some space and start again.`,
  EROFS: (error) => `The file system is read-only${at(error)}: choose another folder.`,
  EACCES: (error) => `Permission denied${at(error)}: give this user access, or start as the folder's owner.`,
  EMFILE: () => 'Too many open files: raise the limit with "ulimit -n 4096" and start again.',
};

function at(error: NodeJS.ErrnoException): string {
  return error.path === undefined ? '' : ` at ${error.path}`;
}

/** However a full disk is told: by the system, by PostgreSQL and ffmpeg, or by object storage. */
const DISK_FULL = /ENOSPC|No space left on device|StorageFull/;

/** The sentence for what went wrong, or `undefined` where it is not a person's to mend. */
export function sentenceFor(error: unknown): string | undefined {
  if (DISK_FULL.test(wholeText(error))) return 'The disk is full: free some space and start again.';
  if (error instanceof SetupFailure) return error.message;
  if (!(error instanceof Error)) return undefined;
  const { code } = error as NodeJS.ErrnoException;
  return code === undefined ? undefined : SENTENCES[code]?.(error);
}

/** The words of an error and of what caused it. */
function wholeText(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const { code } = error as NodeJS.ErrnoException;
  return [code, error.message, wholeText(error.cause)].join(' ');
}

/** Runs a command's main function; a failure becomes one sentence (or, if it is a bug, a stack) and exit code 1. */
export async function runMain(main: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main();
  } catch (error) {
    console.error(sentenceFor(error) ?? error);
    process.exitCode = 1;
  }
}
