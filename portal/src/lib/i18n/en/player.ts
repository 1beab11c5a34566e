import type { player as zhCn } from '../zh-cn/player.ts';

export const player: Readonly<Record<keyof typeof zhCn, string>> = {
  'player.play': 'Play',
};
