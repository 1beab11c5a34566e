import { networkInterfaces } from 'node:os';
import { isLoopback, type Options } from '../options.ts';

/** The first address of this machine that others on its network can reach, IPv4. */
export function networkAddress(interfaces = networkInterfaces()): string | undefined {
  return Object.values(interfaces)
    .flatMap((each) => each ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
}

/** Whether this stands for all addresses of the machine. */
function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

/** The host part of the address under which a person opens the pages. */
export function displayHost(host: string, onNetwork = networkAddress()): string {
  if (isLoopback(host)) return 'localhost';
  const shown = isWildcard(host) ? (onNetwork ?? 'localhost') : host;
  return shown.includes(':') ? `[${shown}]` : shown;
}

/** Where WebRTC listens and what it announces: as the pages do, unless told otherwise. */
export function rtcAddress(
  { host, rtc }: Pick<Options, 'host' | 'rtc'>,
  onNetwork = networkAddress(),
): { listenIp: string; announcedAddress: string | undefined } {
  const natural = host === 'localhost' ? '127.0.0.1' : isWildcard(host) ? '0.0.0.0' : host;
  const listenIp = rtc.listenIp ?? natural;
  const announcedAddress = rtc.announcedAddress ?? (isWildcard(listenIp) ? onNetwork : undefined);
  return { listenIp, announcedAddress };
}
