import { describe, expect, it } from 'vitest';
import { readPdf } from '../../../testing/read-pdf.ts';
import { drawSheet } from './draw-sheet.ts';
import type { Sheet } from './sheet.ts';

/** As long as a credential is: a header, some 300 bytes of facts, a signature. */
const CREDENTIAL = `${'eyJhbGciOiJFZERTQSJ9'.repeat(2)}.${'eyJjb3Vyc2VUaXRsZSI6'.repeat(20)}.${'c2lnbmF0dXJl'.repeat(7)}`;
const SHEET: Sheet = {
  number: 'YK-2026-7F3KM9XQ2A',
  holder: '王秀英',
  courseTitle: '手机视频通话，三步学会',
  hours: { zh: '1.00 学时（有效学习 45 分 0 秒）', en: '1.00 class hour (45 min 0 s of valid time)' },
  issuer: '清河区社区学院',
  issuedOn: { zh: '2026年11月22日', en: '22 November 2026' },
  issuedAt: new Date(Date.UTC(2026, 10, 21, 16)),
  checkUrl: `https://yike.example.org/verify/YK-2026-7F3KM9XQ2A#${CREDENTIAL}`,
};

describe('a certificate to print', () => {
  it('reads as it was worded, in one page', async () => {
    const { pages, lines, title } = await readPdf(await drawSheet(SHEET));
    expect(pages).toBe(1);
    expect(title).toBe('培训证 YK-2026-7F3KM9XQ2A');
    expect(lines).toMatchInlineSnapshot(`
      [
        "培 训 证",
        "C E R T I F I C A T E",
        "O F",
        "T R A I N I N G",
        "兹证明",
        "王秀英",
        "已学完下列课程，准予结业，特发此证",
        "《手机视频通话，三步学会》",
        "1.00 学时（有效学习 45 分 0 秒）",
        "has completed this course: 1.00 class hour (45 min 0 s of valid time)",
        "编号 No.",
        "YK-2026-7F3KM9XQ2A",
        "扫码查验真伪，不用登录",
        "Scan to check that it is genuine",
        "发证单位",
        "清河区社区学院",
        "2026年11月22日",
        "22 November 2026",
      ]
    `);
  });

  it('brings its faces with it, and of them no more than it shows', async () => {
    const bytes = await drawSheet(SHEET);
    const { fonts } = await readPdf(bytes);
    expect(fonts.map(({ name }) => name.replace(/^[A-Z]{6}\+/, '')).sort()).toEqual([
      'NotoSansSC-Bold',
      'NotoSansSC-Regular',
    ]);
    expect(fonts.every(({ isEmbedded }) => isEmbedded)).toBe(true);
    expect(bytes.length).toBeLessThan(60_000);
  });

  it('leads by its QR code to the public check, credential and all', async () =>
    expect((await readPdf(await drawSheet(SHEET))).qr).toBe(SHEET.checkUrl));

  it('is the same file for the same facts', async () =>
    expect((await drawSheet(SHEET)).equals(await drawSheet(SHEET))).toBe(true));

  it.each([
    { name: '㛃䶮龘', shown: ['㛃䶮龘'] },
    { name: '𠮷田', shown: ['〓田', '〓 = U+20BB7'] },
    { name: '阿卜杜热合曼·买买提吐尔逊', shown: ['阿卜杜热合曼·买买提吐尔逊'] },
    {
      name: 'Alexandrina Wolfeschlegelsteinhausenbergerdorff Kowalczyk-Montmorency',
      shown: ['Alexandrina', 'Wolfeschlegelsteinhausenbergerdorff', 'Kowalczyk-', 'Montmorency'],
    },
  ])('has room for the name $name', async ({ name, shown }) => {
    const { lines } = await readPdf(await drawSheet({ ...SHEET, holder: name }));
    for (const each of shown) expect(lines.join('\n')).toContain(each);
  });

  it('breaks a long title once, and says where it was cut off', async () => {
    const courseTitle = '高血压的家庭管理与居家测量、日常饮食和运动安排、常用药物的注意事项'.repeat(3);
    const { pages, lines } = await readPdf(await drawSheet({ ...SHEET, courseTitle }));
    const from = lines.findIndex((line) => line.startsWith('《'));
    expect(lines.slice(from, from + 2).join('')).toMatch(/^《高血压.{60,}…$/);
    expect(lines[from + 2]).toBe(SHEET.hours.zh);
    expect(pages).toBe(1);
  });
});
