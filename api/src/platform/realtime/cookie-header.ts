/** One cookie out of a `Cookie` header. Ours hold base64url only, so nothing is to be decoded. */
export function cookieOf(header: string | undefined, name: string): string | undefined {
  const pair = header?.split(';').find((each) => each.trim().startsWith(`${name}=`));
  return pair?.slice(pair.indexOf('=') + 1).trim();
}
