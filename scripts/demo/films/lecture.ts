import type { InterruptedFilm } from '../film.ts';

/** A lecture of last week whose network failed in the middle: what is missing is shown as missing. */
export const SOLAR_TERMS: InterruptedFilm = {
  slug: 'solar-terms',
  title: { zh: '二十四节气里的生活智慧', en: 'The wisdom of the 24 solar terms' },
  summary: {
    zh: '立春、夏至、秋分、冬至，各该做些什么。这场讲座中途断过网，缺的 48 秒在进度条上画着斜纹，不要求看。演示内容，仅供体验。',
    en: 'What each season asks of us. The network failed in the middle: the 48 seconds that are missing are hatched on the bar and not required. A demo lecture.',
  },
  topic: 'culture',
  colours: { ground: '0xefe3d6', accent: '0x9a4f2f' },
  motif: 'waves',
  music: { scale: [196, 220, 261.63, 293.66, 329.63, 392], noteSeconds: 1 },
  interruption: { afterSlides: 3, seconds: 48 },
  slides: [
    {
      heading: '二十四节气里的生活智慧',
      lines: ['The wisdom of the solar terms', '讲座录像  演示'],
      seconds: 20,
      says: [
        [
          '欢迎大家。节气不只是种田的日历，也是过日子的提醒。',
          'Welcome. The solar terms are a calendar for living, not only for farming.',
        ],
      ],
    },
    {
      heading: '春  生发',
      lines: ['立春、春分：早睡早起，多走动', 'Spring: rise early, walk a lot'],
      seconds: 24,
      says: [
        ['春天阳气上升，衣服慢慢减，不要急。', 'In spring take off your winter clothes slowly.'],
        ['春分前后，出门走走最养人。', 'Around the equinox nothing does you more good than a walk.'],
      ],
    },
    {
      heading: '夏  生长',
      lines: ['夏至：午休一会儿，多喝水', 'Summer: rest at noon, drink water'],
      seconds: 24,
      says: [
        ['夏至白天最长，中午歇一会儿。', 'Midsummer days are long: rest a little at noon.'],
        ['口不渴，也要小口喝水。', 'Drink in small sips, even when you are not thirsty.'],
      ],
    },
    {
      heading: '秋  收获',
      lines: ['秋分：早晚添衣，润燥养肺', 'Autumn: dress warmly at dusk'],
      seconds: 24,
      says: [
        ['刚才断了一会儿网，我们接着讲秋天。', 'The network failed for a while; let us go on with autumn.'],
        [
          '早晚添一件衣服，梨和百合润燥。',
          'Wear one layer more at dawn and dusk; pears are good for dry throats.',
        ],
      ],
    },
    {
      heading: '冬  收藏',
      lines: ['冬至：太阳出来再出门', 'Winter: go out with the sun'],
      seconds: 24,
      says: [
        ['冬至以后白天一天天变长。', 'After midwinter every day is longer than the last.'],
        ['晨练等太阳出来，先热身再活动。', 'Exercise after sunrise, and warm up first.'],
      ],
    },
    {
      heading: '跟着节气过日子',
      lines: ['谢谢大家，下次再见', 'Thank you for coming'],
      seconds: 16,
      says: [['谢谢大家，我们下一个节气再见。', 'Thank you all. Until the next solar term.']],
    },
  ],
};
