/**
 * Lets a content security policy take pictures, media and data of one more origin: the object store's.
 * @param policy the header's value; an origin of undefined leaves it as it is
 */
export function allowObjectStore(policy: string, origin: string | undefined): string {
  if (origin === undefined) return policy;
  return policy.replaceAll(/(^|; ?)(img-src|media-src|connect-src) /g, `$1$2 ${origin} `);
}
