export const live = {
  'live.title': '直播间',
} as const;
