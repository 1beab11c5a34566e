/**
 * How an object key becomes a path, and back. Each part of the key between slashes is a folder, the last one a file, so that a
 * prefix is listed by reading one folder, and a person can find things:
 *
 *     recordings/1/video/000001.m4s    recordings/1/video/000001.m4s@object
 *     ../etc/passwd                    %2e./etc/passwd@object
 *     A                                %41@object           (file systems may ignore case)
 *     a//b                             a/%/b@object         (an empty part)
 *     讲座                              %e8%ae%b2%e5%ba%a7@object
 *
 * A part that is longer than a file name may be goes on in a folder named by its beginning and `+`.
 */
export const OBJECT_SUFFIX = '@object';
export const CONTINUED_SUFFIX = '+';

/** Well under the 255 bytes of ext4, APFS and NTFS, with room for a suffix. */
const MAX_NAME_LENGTH = 200;
const EMPTY_PART = '%';

/** The path of the object's file, as a list of names below the bucket's folder of objects. */
export function objectPath(key: string): string[] {
  const names = key.split('/').flatMap((part) => splitName(escapePart(part)));
  return [...names.slice(0, -1), `${names.at(-1) ?? EMPTY_PART}${OBJECT_SUFFIX}`];
}

/** The path of the folder that holds the objects below a prefix that ends in a slash (or is empty). */
export const folderPath = (prefix: string): string[] =>
  prefix === ''
    ? []
    : prefix
        .slice(0, -1)
        .split('/')
        .flatMap((part) => splitName(escapePart(part)));

/** The inverse of the escaping of one part; the argument is joined from its continued names and has no suffix. */
export const unescapePart = (name: string): string => (name === EMPTY_PART ? '' : decodeURIComponent(name));

function escapePart(part: string): string {
  if (part === '') return EMPTY_PART;
  const escaped = Array.from(Buffer.from(part), (byte) => {
    const character = String.fromCharCode(byte);
    return /[a-z0-9._-]/.test(character) ? character : `%${byte.toString(16).padStart(2, '0')}`;
  }).join('');
  return escaped.startsWith('.') ? `%2e${escaped.slice(1)}` : escaped;
}

function splitName(name: string): string[] {
  const names: string[] = [];
  let rest = name;
  while (rest.length > MAX_NAME_LENGTH) {
    names.push(`${rest.slice(0, MAX_NAME_LENGTH)}${CONTINUED_SUFFIX}`);
    rest = rest.slice(MAX_NAME_LENGTH);
  }
  return [...names, rest];
}
