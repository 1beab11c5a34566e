/** The headers that say from which page a connection comes, and which host the browser asked for. */
export interface OriginHeaders {
  readonly origin?: string | undefined;
  readonly host?: string | undefined;
  readonly 'x-forwarded-host'?: string | string[] | undefined;
}

/**
 * Whether a page of this origin may connect: its own host, or a named origin. A request without `Origin` is no
 * browser's cross-site request (Fetch standard, 3.2: browsers send it with every WebSocket and every cross-origin request).
 */
export function isOriginAllowed(headers: OriginHeaders, allowedOrigins: readonly string[]): boolean {
  const { origin } = headers;
  if (origin === undefined) return true;
  if (allowedOrigins.includes(origin)) return true;
  if (!URL.canParse(origin)) return false;
  const page = new URL(origin).host;
  return page !== '' && hostsOf(headers).includes(page);
}

function hostsOf({ host, 'x-forwarded-host': forwarded }: OriginHeaders): string[] {
  const first = [forwarded].flat()[0]?.split(',')[0]?.trim();
  return [host, first].filter((name) => name !== undefined);
}

/** `ALLOWED_ORIGINS` as a list. */
export const readOrigins = (commaSeparated = ''): string[] =>
  commaSeparated
    .split(',')
    .map((origin) => origin.trim())
    .filter((origin) => origin !== '');
