import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SheetValue, writeSheet } from '../api/src/platform/sheets/write-sheet.ts';
import { startProduct, type StartedProduct } from '../scripts/testing/product.ts';
import { launchBrowser, PHONE } from './support/browser.ts';
import { lookAt } from './support/looks.ts';
import { Visitor } from './support/visitor.ts';

const HEADINGS = ['上级代码', '上级名称', '级别', '名称', '机构名称', '人口', '代码'];
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

const sheetOf = async (rows: readonly SheetValue[][]) => ({
  name: 'organisations.xlsx',
  mimeType: XLSX,
  buffer: await writeSheet(
    '组织',
    HEADINGS.map((heading) => ({ heading, width: 12 })),
    rows,
  ),
});

describe('an administrator looks after the tree of organisations', () => {
  let product: StartedProduct;
  let browser: Browser;
  let admin: Visitor;

  beforeAll(async () => {
    [product, browser] = await Promise.all([startProduct(), launchBrowser()]);
    admin = await Visitor.signedIn(browser, product.origin, 'admin');
  });
  afterAll(async () => {
    await browser.close();
    await product.stop();
  });

  const open = async (path: string): Promise<void> => {
    await admin.open(path);
    await admin.page.waitForLoadState('networkidle');
  };
  const unit = (name: string) => admin.page.getByRole('link', { name }).first();
  const panel = (name: string) => admin.page.getByRole('article', { name });
  const button = (name: string) => admin.page.getByRole('button', { name, exact: true });

  /** As it stands: an open dialog keeps all switches from being pressed. */
  const lookAtDialog = async (name: string): Promise<string[]> => {
    const { YIKE_SCREENSHOTS: folder } = process.env;
    if (folder !== undefined)
      await admin.page.screenshot({ path: `${folder}/${name}.png`, animations: 'disabled' });
    return admin.barriers();
  };

  it('finds a unit, by keyboard too', async () => {
    const { page } = admin;
    await open('/admin/organisations');
    await page.getByRole('button', { name: '收起江南街道' }).press('ArrowLeft');
    await unit('桂苑社区').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: '展开江南街道' }).press('ArrowRight');
    await unit('桂苑社区').waitFor();
    await page.getByRole('searchbox').fill('松鹤');
    await unit('桂苑社区').waitFor({ state: 'detached' });
    await unit('松鹤社区').click();
    await panel('松鹤社区').waitFor();
    await page.getByRole('searchbox').fill('');
    expect.soft(await lookAt(admin, 'organisations-unit')).toEqual([]);
    await open('/admin/organisations');
    expect.soft(await lookAt(admin, 'organisations')).toEqual([]);
  });

  it('moves one, and is told beforehand what that changes', async () => {
    const { page } = admin;
    await open('/admin/organisations');
    await unit('松鹤社区').click();
    await panel('松鹤社区').waitFor();
    await button('移动').click();
    await page.getByRole('radio', { name: '江南街道' }).check();
    await page.getByRole('dialog').getByText('从「南山街道」移到「江南街道」').waitFor();
    expect.soft(await lookAtDialog('organisations-move')).toEqual([]);
    await page.getByLabel('原因').fill('区划调整');
    await page.getByRole('dialog').getByRole('button', { name: '移动' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await panel('松鹤社区').getByText('上级：南山街道 → 江南街道').waitFor();
    await panel('松鹤社区').getByText('滨江区 › 江南街道').waitFor();
  });

  it('is told why something is not done', async () => {
    const { page } = admin;
    await button('停用').click();
    await page.getByLabel('原因').fill('试一试');
    await page.getByRole('dialog').getByRole('button', { name: '停用' }).click();
    await panel('松鹤社区').getByText('已停用').waitFor();
    await open('/admin/organisations');
    await unit('桂苑社区').click();
    await panel('桂苑社区').waitFor();
    await button('停用').click();
    await page.getByLabel('原因').fill('试一试');
    await page.getByRole('dialog').getByRole('button', { name: '停用' }).click();
    await page.getByRole('dialog').getByText('里面还有居民').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: '取消' }).click();
  });

  it('imports a sheet once its broken row is mended', async () => {
    const { page } = admin;
    await open('/admin/organisations/import');
    const good: SheetValue[] = [
      '990108001',
      null,
      '社区',
      '新桥社区',
      '新桥社区学习中心',
      5_200,
      '990108001009',
    ];
    const broken: SheetValue[] = ['990108009', null, '社区', '老桥社区', null, -5, '990108001009'];
    const changed: SheetValue[] = [
      '990108001',
      null,
      '社区',
      '翠竹社区',
      '翠竹社区学习中心',
      16_000,
      '990108001002',
    ];
    await page.getByLabel('选择表格文件').setInputFiles(await sheetOf([good, broken, changed]));
    await page.getByText('代码和第 2 行重复').waitFor();
    await page.getByText('人口要填').waitFor();
    expect(await button('全部导入').count()).toBe(0);
    expect.soft(await lookAt(admin, 'organisations-import')).toEqual([]);
    await page.getByLabel('选择表格文件').setInputFiles(await sheetOf([good, changed]));
    await page.getByText('新增 1 个 · 修改 1 个').waitFor();
    await page.getByText('人口：15900 → 16000').waitFor();
    await button('全部导入').click();
    await unit('新桥社区').waitFor();
  });

  it('does it on a phone as well', async () => {
    const { page } = admin;
    await page.setViewportSize(PHONE);
    await open('/admin/organisations');
    await unit('新桥社区').click();
    await panel('新桥社区').waitFor();
    expect(await page.getByRole('searchbox').isVisible()).toBe(false);
    await button('修改资料').click();
    await page.getByLabel('人口').fill('五千');
    await page.getByText('请填 0 到 1 亿之间的整数').waitFor();
    await page.getByLabel('人口').fill('5300');
    await button('保存').click();
    await panel('新桥社区').getByText('人口：5200 → 5300').waitFor();
    await page.getByRole('link', { name: '回到组织树' }).click();
    await page.getByRole('searchbox').waitFor();
    // The browser tells of each refusal; one was wanted.
    expect(admin.troubles.filter((trouble) => !trouble.includes('409 (Conflict)'))).toEqual([]);
  });
});
