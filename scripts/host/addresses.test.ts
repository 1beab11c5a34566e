import { expect, it } from 'vitest';
import { displayHost, rtcAddress } from './addresses.ts';

const none = { listenIp: undefined, announcedAddress: undefined, port: undefined };

it.each([
  { host: '127.0.0.1', shown: 'localhost', listenIp: '127.0.0.1', announcedAddress: undefined },
  { host: 'localhost', shown: 'localhost', listenIp: '127.0.0.1', announcedAddress: undefined },
  { host: '0.0.0.0', shown: '10.0.0.5', listenIp: '0.0.0.0', announcedAddress: '10.0.0.5' },
  { host: '::', shown: '10.0.0.5', listenIp: '0.0.0.0', announcedAddress: '10.0.0.5' },
  { host: '192.168.1.9', shown: '192.168.1.9', listenIp: '192.168.1.9', announcedAddress: undefined },
  { host: 'fd00::1', shown: '[fd00::1]', listenIp: 'fd00::1', announcedAddress: undefined },
])('$host', ({ host, shown, ...rtc }) => {
  expect(displayHost(host, '10.0.0.5')).toBe(shown);
  expect(rtcAddress({ host, rtc: none }, '10.0.0.5')).toEqual(rtc);
});

it('lets the operator decide', () => {
  const rtc = { ...none, listenIp: '10.1.1.1', announcedAddress: 'media.example' };
  expect(rtcAddress({ host: '0.0.0.0', rtc }, '10.0.0.5')).toEqual({
    listenIp: '10.1.1.1',
    announcedAddress: 'media.example',
  });
});
