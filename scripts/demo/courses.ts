/** One picture of a demo course: a heading and a few lines below it. */
export interface Slide {
  heading: string;
  lines: string[];
  /** How long it stands; a multiple of {@link LOOP_SECONDS}. */
  seconds: number;
}

/** A demo micro-course as it is made: pictures and music, no speech. */
export interface DemoCourse {
  slug: string;
  title: { zh: string; en: string };
  summary: { zh: string; en: string };
  topic: 'digital' | 'skills' | 'health';
  /** Ground and accent of the pictures, as `0xrrggbb`. */
  colours: { ground: string; accent: string };
  /** The music's scale, in Hz, from low to high. */
  scale: number[];
  slides: Slide[];
}

/** Pictures move in loops of this length, which are encoded once and repeated by copying. */
export const LOOP_SECONDS = 4;

export const DEMO_COURSES: DemoCourse[] = [
  {
    slug: 'video-call',
    title: { zh: '手机视频通话，三步学会', en: 'Video calls on your phone in three steps' },
    summary: {
      zh: '和家人见面聊天其实很简单：打开、点一下、说再见。演示课程，内容仅供体验。',
      en: 'Seeing your family is simple: open, tap, say goodbye. A demo course, made to try things out.',
    },
    topic: 'digital',
    colours: { ground: '0xf3ece0', accent: '0xc03a2b' },
    scale: [261.63, 293.66, 329.63, 392, 440, 523.25],
    slides: [
      {
        heading: '手机视频通话，三步学会',
        lines: ['Video calls in three steps', '和家人见面，一点也不难'],
        seconds: 16,
      },
      {
        heading: '第一步  打开',
        lines: ['找到绿色的聊天图标', '点开家人的名字', 'Open the chat with your family'],
        seconds: 20,
      },
      {
        heading: '第二步  点一下',
        lines: ['点右下角的加号', '选择“视频通话”', 'Tap the plus, choose video call'],
        seconds: 20,
      },
      {
        heading: '第三步  说再见',
        lines: ['聊完点红色按钮', '下次还这样打开', 'Tap the red button to hang up'],
        seconds: 20,
      },
    ],
  },
  {
    slug: 'kitchen-safety',
    title: { zh: '厨房用电用气安全', en: 'Electricity and gas in the kitchen' },
    summary: {
      zh: '出门前看四样，回家后查一遍。演示课程，内容仅供体验。',
      en: 'Four things to look at before you leave home. A demo course, made to try things out.',
    },
    topic: 'skills',
    colours: { ground: '0xe9efe9', accent: '0x1f7a6b' },
    scale: [196, 220, 246.94, 293.66, 329.63, 392],
    slides: [
      {
        heading: '厨房用电用气安全',
        lines: ['Electricity and gas in the kitchen', '出门前看四样'],
        seconds: 16,
      },
      {
        heading: '一看  灶具',
        lines: ['火关了没有', '阀门拧紧没有', 'Is the flame out, the valve shut?'],
        seconds: 24,
      },
      {
        heading: '二看  插座',
        lines: ['手湿不碰插头', '大功率电器单独用', 'Dry hands, one strong device per socket'],
        seconds: 24,
      },
      {
        heading: '三看窗  四看门',
        lines: ['开窗通风', '闻到气味先开窗、再关阀、出门打电话', 'Smell gas? Window, valve, out, call'],
        seconds: 24,
      },
    ],
  },
  {
    slug: 'morning-exercise',
    title: { zh: '五分钟晨练，舒展一整天', en: 'Five minutes of morning exercise' },
    summary: {
      zh: '跟着音乐，从肩膀到脚踝慢慢活动开。演示课程，内容仅供体验。',
      en: 'With the music, loosen up from shoulders to ankles. A demo course, made to try things out.',
    },
    topic: 'health',
    colours: { ground: '0xf5efd9', accent: '0xb7791f' },
    scale: [220, 246.94, 293.66, 329.63, 369.99, 440],
    slides: [
      { heading: '五分钟晨练', lines: ['Five minutes of morning exercise', '慢一点，稳一点'], seconds: 20 },
      { heading: '一  转肩', lines: ['向前八次，向后八次', 'Roll your shoulders'], seconds: 40 },
      { heading: '二  举手', lines: ['吸气举起，呼气放下', 'Raise your arms and breathe'], seconds: 40 },
      { heading: '三  转腰', lines: ['双手叉腰，左右各八圈', 'Circle your waist'], seconds: 40 },
      { heading: '四  提膝', lines: ['扶住椅背，左右交替', 'Lift your knees, hold a chair'], seconds: 40 },
      { heading: '五  踮脚', lines: ['慢慢踮起，慢慢落下', 'Rise on your toes'], seconds: 40 },
      { heading: '六  转踝', lines: ['脚尖点地，左右各八圈', 'Circle your ankles'], seconds: 40 },
      {
        heading: '收势',
        lines: ['深呼吸三次，喝一杯温水', 'Three deep breaths, a glass of water'],
        seconds: 40,
      },
    ],
  },
];

export function durationSeconds({ slides }: DemoCourse): number {
  return slides.reduce((sum, { seconds }) => sum + seconds, 0);
}
