import type { live as zhCn } from '../zh-cn/live.ts';

export const live: Readonly<Record<keyof typeof zhCn, string>> = {
  'live.title': 'Live room',
};
