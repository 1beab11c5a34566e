import type { Film } from '../film.ts';

export const WRITE_A_WILL: Film = {
  slug: 'write-a-will',
  title: { zh: '自己写的遗嘱，怎样才有效', en: 'How a handwritten will holds good' },
  summary: {
    zh: '亲笔写、签上名、注明年月日，三样缺一不可。演示课程，不能代替律师的意见。',
    en: 'Written by hand, signed, dated: all three. A demo course, and no substitute for a lawyer.',
  },
  topic: 'law',
  colours: { ground: '0xeae6ef', accent: '0x5f4f86' },
  motif: 'seal',
  music: { scale: [164.81, 196, 220, 246.94, 293.66, 329.63], noteSeconds: 1 },
  slides: [
    {
      heading: '自己写的遗嘱，怎样才有效',
      lines: ['How a handwritten will holds good', '民法典第一千一百三十四条'],
      seconds: 16,
      says: [['把话写清楚，是给家人留一份安心。', 'A clear will is peace of mind for those you love.']],
    },
    {
      heading: '一  从头到尾亲笔写',
      lines: ['不打印，不请人代写', '写错了，重新写一份', 'All of it in your own hand'],
      seconds: 24,
      says: [
        [
          '自书遗嘱要从第一个字到最后一个字都由本人手写。',
          'Every word of it must be in your own handwriting.',
        ],
        [
          '请人代写，要有两个以上见证人，规矩不同。',
          'If somebody writes it for you, two witnesses are needed.',
        ],
      ],
    },
    {
      heading: '二  签名和日期',
      lines: ['签上本人姓名', '年、月、日都要写全', 'Your name, and the full date'],
      seconds: 24,
      says: [
        ['签名要写全名，日期写明哪年哪月哪日。', 'Sign your full name; give year, month and day.'],
        [
          '立了几份、内容有抵触的，以最后一份为准。',
          'Where several contradict each other, the last one counts.',
        ],
      ],
    },
    {
      heading: '三  拿不准，去问',
      lines: ['社区法律服务点，一般免费', '也可以办公证遗嘱', 'Ask the legal aid desk nearby'],
      seconds: 20,
      says: [
        [
          '多数社区有法律服务点，带上身份证去问问。',
          'Most communities have a legal aid desk. Bring your ID card.',
        ],
        ['写好了，告诉信得过的人放在哪里。', 'And tell someone you trust where you keep it.'],
      ],
    },
  ],
};

export const EIGHT_STROKES: Film = {
  slug: 'eight-strokes',
  title: { zh: '永字八法：从一个字学书法', en: 'Eight strokes in one character' },
  summary: {
    zh: '点、横、竖、钩、提、撇、捺，一个“永”字里全有。演示课程，内容仅供体验。',
    en: 'Every basic stroke of the brush is in the one character 永. A demo course.',
  },
  topic: 'arts',
  colours: { ground: '0xf4ecd8', accent: '0x8a4b2a' },
  motif: 'flower',
  music: { scale: [146.83, 164.81, 196, 220, 261.63, 293.66], noteSeconds: 1 },
  slides: [
    {
      heading: '永字八法',
      lines: ['从一个“永”字学书法', 'Eight strokes in one character'],
      seconds: 16,
      says: [['一个“永”字，八种笔画都在里面。', 'One character holds all eight strokes.']],
    },
    {
      heading: '先坐正，再握笔',
      lines: ['两脚放平，背挺直', '五个手指各出一分力', 'Sit upright, hold it lightly'],
      seconds: 24,
      says: [
        ['两脚放平，背挺直，纸放正。', 'Feet flat, back straight, the paper square before you.'],
        ['五指各出一分力，笔杆和纸垂直。', 'All five fingers help a little; the brush stands upright.'],
      ],
    },
    {
      heading: '点  横  竖  钩',
      lines: ['点像石头落下', '横要平，竖要直，钩要稳', 'Dot, across, down, hook'],
      seconds: 24,
      says: [
        ['起笔先写点，像山上落下一块石头。', 'Begin with the dot, like a stone that falls from a cliff.'],
        ['横写平，竖写直，到底停一停再钩。', 'Across is level, down is straight; pause before the hook.'],
      ],
    },
    {
      heading: '提  撇  啄  捺',
      lines: ['提要快，撇要长', '捺像水波，一波三折', 'Flick, sweep, peck, press'],
      seconds: 24,
      says: [
        ['提像扬鞭，长撇像梳子梳过头发。', 'The flick is a whip; the long sweep is a comb through hair.'],
        ['捺要一波三折，最后轻轻送出去。', 'The last stroke turns three times, and is let go gently.'],
      ],
    },
    {
      heading: '每天十个“永”',
      lines: ['写慢一点，比写多要紧', 'Ten a day, and slowly'],
      seconds: 16,
      says: [['每天写十个，一个月就看得出变化。', 'Ten a day, and in a month you will see the difference.']],
    },
  ],
};

export const PICTURE_BOOKS: Film = {
  slug: 'picture-books',
  title: { zh: '给孙辈读绘本的三个办法', en: 'Reading picture books to grandchildren' },
  summary: {
    zh: '看图、提问、让孩子讲：十分钟就能读好一本。演示课程，内容仅供体验。',
    en: 'Look, ask, let the child tell: ten minutes make a good book. A demo course.',
  },
  topic: 'family',
  colours: { ground: '0xf8e6e1', accent: '0xb2543f' },
  motif: 'balloons',
  music: { scale: [261.63, 293.66, 329.63, 392, 440, 523.25], noteSeconds: 0.5 },
  slides: [
    {
      heading: '给孙辈读绘本',
      lines: ['三个小办法，孩子听得住', 'Reading picture books together'],
      seconds: 16,
      says: [
        [
          '绘本不是念完就算，陪着看才有意思。',
          'A picture book is for looking at together, not for reading out.',
        ],
      ],
    },
    {
      heading: '一  先看图',
      lines: ['让孩子指给您看', '不急着翻页', 'Pictures first'],
      seconds: 24,
      says: [
        ['先不念字，问一句：你看见什么了？', 'Do not read yet. Ask: what can you see?'],
        ['孩子指到哪里，您就讲到哪里。', 'Talk about whatever the child points at.'],
      ],
    },
    {
      heading: '二  停一停，问一问',
      lines: ['“接下来会怎么样？”', '答什么都好', 'Stop, and ask what comes next'],
      seconds: 24,
      says: [
        ['翻页以前停一停，问：接下来会怎么样？', 'Before you turn the page, ask what will happen next.'],
        ['答得对不对不要紧，肯想就好。', 'It need not be right. Thinking about it is enough.'],
      ],
    },
    {
      heading: '三  换孩子来讲',
      lines: ['第二遍，让孩子当老师', 'Now the child tells the story'],
      seconds: 20,
      says: [['第二遍换孩子讲，您来当学生。', 'The second time the child is the teacher, and you listen.']],
    },
  ],
};

export const FIRST_INTERVIEW: Film = {
  slug: 'first-interview',
  title: { zh: '再就业面试，准备三样就够', en: 'A job interview, well prepared' },
  summary: {
    zh: '一张纸、一段话、一身整洁的衣服。演示课程，内容仅供体验。',
    en: 'One sheet of paper, one minute of words, one clean set of clothes. A demo course.',
  },
  topic: 'skills',
  colours: { ground: '0xe9efe9', accent: '0x1f7a6b' },
  motif: 'steps',
  music: { scale: [196, 220, 246.94, 293.66, 329.63, 392], noteSeconds: 0.5 },
  slides: [
    {
      heading: '再就业面试',
      lines: ['准备三样，心里不慌', 'A job interview, well prepared'],
      seconds: 16,
      says: [['面试不用背稿子，准备三样就够。', 'No need to learn a speech. Three things are enough.']],
    },
    {
      heading: '一  一张纸',
      lines: ['做过什么、会什么、联系电话', '别写满，一页就好', 'One page: what you did, what you can'],
      seconds: 24,
      says: [
        [
          '一页纸写清：做过什么，会什么，怎么联系。',
          'One page: what you have done, what you can do, how to reach you.',
        ],
        ['身份证和证书的复印件放在一起。', 'Keep copies of your ID and certificates with it.'],
      ],
    },
    {
      heading: '二  一段话',
      lines: ['我叫什么，做过什么，为什么来', '在家对着镜子说三遍', 'One minute about yourself'],
      seconds: 24,
      says: [
        ['一分钟就好：我叫什么，做过什么，为什么来。', 'One minute: your name, your work, and why you came.'],
        ['在家对着镜子说三遍，就顺了。', 'Say it three times to a mirror, and it will come easily.'],
      ],
    },
    {
      heading: '三  一身整洁',
      lines: ['衣服干净，提前十分钟到', '手机调静音', 'Clean clothes, ten minutes early'],
      seconds: 20,
      says: [
        ['衣服不用新，干净就好。', 'Your clothes need not be new, only clean.'],
        ['提前十分钟到，手机调成静音。', 'Be ten minutes early, and silence your phone.'],
      ],
    },
  ],
};
