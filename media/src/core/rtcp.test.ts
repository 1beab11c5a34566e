import { expect, it } from 'vitest';
import { buildGoodbye, buildSenderReport, findSenderReport, ntpOfUnixMs } from './rtcp.ts';

const REPORT = { ssrc: 0xdead_beef, ntpMs: ntpOfUnixMs(1_763_000_000_123.25), rtpTimestamp: 0xffff_fff0 };

it('builds a sender report byte by byte', () => {
  expect(Buffer.from(buildSenderReport({ ssrc: 1, ntpMs: 1_500, rtpTimestamp: 3 })).toString('hex')).toBe(
    '80c80006' + '00000001' + '00000001' + '80000000' + '00000003' + '00000000' + '00000000',
  );
});

it('reads its own report, to a microsecond', () => {
  const found = findSenderReport(buildSenderReport(REPORT), REPORT.ssrc)!;
  expect(found).toMatchObject({ ssrc: REPORT.ssrc, rtpTimestamp: REPORT.rtpTimestamp });
  expect(Math.abs(found.ntpMs - REPORT.ntpMs)).toBeLessThan(0.002);
});

it('finds a stream among several in one packet', () => {
  const other = buildSenderReport({ ...REPORT, ssrc: 5 });
  const compound = Buffer.concat([buildGoodbye(9), other, buildSenderReport(REPORT)]);
  expect(findSenderReport(compound, REPORT.ssrc)?.ssrc).toBe(REPORT.ssrc);
  expect(findSenderReport(compound, 6)).toBeUndefined();
});

it('finds nothing in a packet that is cut off', () => {
  const report = buildSenderReport(REPORT);
  for (let length = 0; length < 20; length += 1) {
    expect(findSenderReport(report.subarray(0, length), REPORT.ssrc)).toBeUndefined();
  }
});

it('says goodbye in 16 bytes', () => {
  expect(Buffer.from(buildGoodbye(0x0102_0304)).toString('hex')).toBe(
    '80c9000101020304' + '81cb000101020304',
  );
});
