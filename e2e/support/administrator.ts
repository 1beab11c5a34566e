import type { Browser } from 'playwright-core';
import type { SummedAttendance } from './attendance.ts';
import { Visitor } from './visitor.ts';

/** An administrator who reads the figures. */
export class Administrator {
  readonly visitor: Visitor;

  private constructor(visitor: Visitor) {
    this.visitor = visitor;
  }

  static async arrive(browser: Browser, origin: string): Promise<Administrator> {
    return new Administrator(await Visitor.signedIn(browser, origin, 'admin'));
  }

  /** Opens a lecture's attendance. @returns its rows as the page shows them, by name */
  async attendance(lectureId: string): Promise<SummedAttendance[]> {
    await this.visitor.open(`/admin/lectures/${lectureId}`);
    const rows = await this.visitor.page
      .locator('tbody tr')
      .evaluateAll((lines) =>
        lines.map((line) => [...line.querySelectorAll('th, td')].map((cell) => cell.textContent.trim())),
      );
    return rows
      .map(([displayName = '', ...times]) => {
        const [live = 0, replay = 0, merged = 0, posted = 0] = times.slice(0, 4).map(secondsIn);
        return { displayName, live, replay, merged, posted };
      })
      .toSorted((a, b) => (a.displayName < b.displayName ? -1 : 1));
  }
}

/** Seconds in words like 1 小时 2 分 3 秒. */
function secondsIn(words: string): number {
  const number = (unit: string): number => Number(new RegExp(`(\\d+) ?${unit}`).exec(words)?.[1] ?? 0);
  return number('小时') * 3600 + number('分') * 60 + number('秒');
}
