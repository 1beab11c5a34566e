import type { Film } from '../film.ts';

const then = (heading: string, line: string, english: string, zh: string, en: string) => ({
  heading,
  lines: [line, english],
  seconds: 40,
  says: [
    [`${heading}。${line}。`, `${english}.`],
    [zh, en],
  ] as const,
});

export const MORNING_EXERCISE: Film = {
  slug: 'morning-exercise',
  title: { zh: '五分钟晨练，舒展一整天', en: 'Five minutes of morning exercise' },
  summary: {
    zh: '跟着音乐，从肩膀到脚踝慢慢活动开。演示课程，内容仅供体验。',
    en: 'With the music, loosen up from shoulders to ankles. A demo course, made to try things out.',
  },
  topic: 'health',
  colours: { ground: '0xf5efd9', accent: '0xb7791f' },
  motif: 'sun',
  music: { scale: [220, 246.94, 293.66, 329.63, 369.99, 440], noteSeconds: 0.5 },
  slides: [
    {
      heading: '五分钟晨练',
      lines: ['Five minutes of morning exercise', '慢一点，稳一点'],
      seconds: 20,
      says: [
        ['早上好。站稳，身边放一把结实的椅子。', 'Good morning. Stand steady, a firm chair beside you.'],
        ['动作慢一点；哪里疼，就停下来。', 'Move slowly, and stop wherever it hurts.'],
      ],
    },
    then(
      '一  转肩',
      '向前八次，向后八次',
      'Roll your shoulders',
      '呼吸不要憋住。',
      'Keep breathing all the while.',
    ),
    then(
      '二  举手',
      '吸气举起，呼气放下',
      'Raise your arms and breathe',
      '举不高没关系，到舒服的地方就好。',
      'As high as is comfortable is high enough.',
    ),
    then(
      '三  转腰',
      '双手叉腰，左右各八圈',
      'Circle your waist',
      '圈画小一点，脚跟不要离地。',
      'Small circles, and keep your heels down.',
    ),
    then(
      '四  提膝',
      '扶住椅背，左右交替',
      'Lift your knees, hold a chair',
      '一手扶稳，膝盖抬到腰以下。',
      'One hand on the chair, knees below the waist.',
    ),
    then(
      '五  踮脚',
      '慢慢踮起，慢慢落下',
      'Rise on your toes',
      '踮起停两秒，再轻轻放下。',
      'Hold for two seconds, then come down gently.',
    ),
    then(
      '六  转踝',
      '脚尖点地，左右各八圈',
      'Circle your ankles',
      '坐着做也可以。',
      'You may sit down for this one.',
    ),
    then(
      '收势',
      '深呼吸三次，喝一杯温水',
      'Three deep breaths, a glass of water',
      '今天的晨练做完了，明天见。',
      'That is all for today. See you tomorrow.',
    ),
  ],
};
