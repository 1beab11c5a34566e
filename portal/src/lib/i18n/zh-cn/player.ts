export const player = {
  'player.play': '播放',
} as const;
