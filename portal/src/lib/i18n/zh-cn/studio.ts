export const studio = {
  'studio.title': '我的讲座',
} as const;
