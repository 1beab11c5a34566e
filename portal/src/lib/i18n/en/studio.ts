import type { studio as zhCn } from '../zh-cn/studio.ts';

export const studio: Readonly<Record<keyof typeof zhCn, string>> = {
  'studio.title': 'My lectures',
};
