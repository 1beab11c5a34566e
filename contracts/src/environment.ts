/** A process's environment: the variables that are set. */
export type Variables = Readonly<Record<string, string | undefined>>;

const FROM_FILE = '_FILE';
/** What examples, images and manuals are full of; a deployment that kept one of these has no secret. */
const KNOWN = [
  'change',
  'default',
  'example',
  'minioadmin',
  'miniosecret',
  'password',
  'postgres',
  'secret',
  'yike-demo',
  'yike_demo',
];
/** Fewer different characters than any random text of this length has. */
const DISTINCT_AT_LEAST = 8;

/**
 * The environment as a schema should read it: `NAME_FILE` gives the content of that file as `NAME`, which is how secrets reach containers
 * (the last line break is not part of it), and a variable that is set to nothing is not set.
 * @param names the variables that may come from a file
 * @param read reads a file as UTF-8
 * @throws Error where both NAME and NAME_FILE are set, and what `read` throws
 */
export function resolveFiles(
  names: readonly string[],
  environment: Variables,
  read: (file: string) => string,
): Record<string, string> {
  const given = Object.entries(environment).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '',
  );
  const resolved = Object.fromEntries(given);
  for (const name of names) {
    const file = resolved[name + FROM_FILE];
    if (file === undefined) continue;
    if (resolved[name] !== undefined) throw new Error(`${name} and ${name}${FROM_FILE} are both set`);
    resolved[name] = read(file).replace(/\r?\n$/, '');
  }
  return resolved;
}

/**
 * Why a text must not be the secret of a deployment for real; null where nothing speaks against it. A random text from
 * `openssl rand -hex 24` always passes.
 * @param atLeast characters
 */
export function weaknessOf(secret: string, atLeast: number): string | null {
  if (secret.length < atLeast) return `has ${secret.length} characters, ${atLeast} are needed`;
  const known = KNOWN.find((word) => secret.toLowerCase().includes(word));
  if (known !== undefined) return `contains "${known}", as examples do`;
  return new Set(secret).size < DISTINCT_AT_LEAST ? 'repeats itself' : null;
}

/** The password in an address such as `postgresql://name:password@host/database`; '' where there is none. */
export const passwordIn = (url: string): string => decodeURIComponent(new URL(url).password);

/** The address with this password in it; as it was where none is given. */
export function withPassword(url: string, password: string | undefined): string {
  if (password === undefined) return url;
  const changed = new URL(url);
  changed.password = encodeURIComponent(password);
  return changed.href;
}
