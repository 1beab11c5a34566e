import type { Film } from '../film.ts';

export const VIDEO_CALL: Film = {
  slug: 'video-call',
  title: { zh: '手机视频通话，三步学会', en: 'Video calls on your phone in three steps' },
  summary: {
    zh: '和家人见面聊天其实很简单：打开、点一下、说再见。演示课程，内容仅供体验。',
    en: 'Seeing your family is simple: open, tap, say goodbye. A demo course, made to try things out.',
  },
  topic: 'digital',
  colours: { ground: '0xf3ece0', accent: '0xc03a2b' },
  motif: 'ripples',
  music: { scale: [261.63, 293.66, 329.63, 392, 440, 523.25], noteSeconds: 0.5 },
  slides: [
    {
      heading: '手机视频通话，三步学会',
      lines: ['Video calls in three steps', '和家人见面，一点也不难'],
      seconds: 16,
      says: [
        ['今天学一件小事：用手机和家人见面。', 'Today, one small thing: seeing your family on the phone.'],
        ['先连上家里的无线网，不费流量。', 'Join the Wi-Fi at home first; it costs no data.'],
      ],
    },
    {
      heading: '第一步  打开',
      lines: ['找到绿色的聊天图标', '点开家人的名字', 'Open the chat with your family'],
      seconds: 20,
      says: [
        ['找到绿色的聊天图标，点一下。', 'Find the green chat icon and tap it.'],
        ['再点家人的名字，就进到聊天里了。', 'Then tap the name of the one you want to see.'],
      ],
    },
    {
      heading: '第二步  点一下',
      lines: ['点右下角的加号', '选择“视频通话”', 'Tap the plus, choose video call'],
      seconds: 20,
      says: [
        ['右下角有个加号，点开它。', 'There is a plus at the lower right. Tap it.'],
        ['选“视频通话”，把手机举到和眼睛一样高。', 'Choose video call, and hold the phone at eye level.'],
      ],
    },
    {
      heading: '第三步  说再见',
      lines: ['聊完点红色按钮', '下次还这样打开', 'Tap the red button to hang up'],
      seconds: 20,
      says: [
        ['聊完了，点红色的按钮。', 'When you have finished, tap the red button.'],
        ['学会了，现在就打给家人试试吧。', 'Now you know how. Why not call somebody right away?'],
      ],
    },
  ],
};

export const STOP_FRAUD: Film = {
  slug: 'stop-fraud',
  title: { zh: '陌生来电防诈骗：一挂二问三报警', en: 'Phone fraud: hang up, ask, report' },
  summary: {
    zh: '一听到转账就挂断，再问家人，拿不准打 110。演示课程，内容仅供体验。',
    en: 'Talk of a transfer? Hang up, ask your family, call 110. A demo course, made to try things out.',
  },
  topic: 'digital',
  colours: { ground: '0xe6ecf0', accent: '0x2f6690' },
  motif: 'ripples',
  music: { scale: [174.61, 196, 220, 261.63, 293.66, 349.23], noteSeconds: 0.5 },
  slides: [
    {
      heading: '一挂二问三报警',
      lines: ['陌生来电，三步不上当', 'Hang up, ask, report'],
      seconds: 16,
      says: [
        ['骗子会变花样，办法却只有那么几样。', 'Swindlers change their story, hardly ever their method.'],
        ['记住三步，谁的电话都不怕。', 'Three steps, and no call need frighten you.'],
      ],
    },
    {
      heading: '一  挂断',
      lines: ['要验证码、要转账、要共享屏幕', '一听到，马上挂断', 'Asked for a code or money? Hang up'],
      seconds: 24,
      says: [
        [
          '公安、法院、银行，都不会在电话里要您的验证码。',
          'Neither police nor bank will ask for your code by phone.',
        ],
        ['更不会让您把钱转到“安全账户”。', 'And there is no such thing as a “safe account”.'],
      ],
    },
    {
      heading: '二  问家人',
      lines: ['“奶奶，我出事了”', '挂断后，打孩子平时的号码', 'Call back on the number you know'],
      seconds: 24,
      says: [
        ['听声音像自己的孩子，也可能是假的。', 'Even a voice that sounds like your grandchild can be false.'],
        [
          '挂断，用您存的号码打回去，问一句就清楚。',
          'Hang up and call back on the number that you have saved.',
        ],
      ],
    },
    {
      heading: '三  报警',
      lines: ['钱转出去了，马上打 110', '96110 打来的，请您接', 'Money gone? Call 110 at once'],
      seconds: 20,
      says: [
        ['越早报警，越有可能把钱拦住。', 'The sooner you report it, the likelier it can be stopped.'],
        ['上当不丢人，不说才吃亏。', 'There is no shame in it. Keeping silent is what costs you.'],
      ],
    },
  ],
};

export const SORT_WASTE: Film = {
  slug: 'sort-waste',
  title: { zh: '垃圾分四类，一看就会', en: 'Four bins, sorted at a glance' },
  summary: {
    zh: '蓝、绿、红、灰四个桶，各装什么，拿不准怎么办。演示课程，内容仅供体验。',
    en: 'Blue, green, red and grey: what goes where, and what to do in doubt. A demo course.',
  },
  topic: 'family',
  colours: { ground: '0xe5efe2', accent: '0x3b7d4f' },
  motif: 'leaves',
  music: { scale: [196, 220, 246.94, 293.66, 329.63, 392], noteSeconds: 0.5 },
  slides: [
    {
      heading: '垃圾分四类，一看就会',
      lines: ['Four bins, sorted at a glance', '爱护小区，从一只桶开始'],
      seconds: 16,
      says: [
        [
          '小区里有四种颜色的桶，今天一次认清。',
          'There are four colours of bins downstairs. Here is what they mean.',
        ],
      ],
    },
    {
      heading: '蓝桶  可回收物',
      lines: ['纸箱、瓶罐、旧衣服', '瓶子倒空，纸箱压平', 'Paper, bottles, clothes'],
      seconds: 20,
      says: [
        [
          '纸箱、塑料瓶、易拉罐、旧衣服，放蓝桶。',
          'Boxes, bottles, cans and old clothes go into the blue one.',
        ],
        ['瓶子先倒空，纸箱先压平。', 'Empty the bottles and flatten the boxes first.'],
      ],
    },
    {
      heading: '绿桶  厨余垃圾',
      lines: ['剩菜、果皮、茶叶渣', '袋子另外扔', 'Leftovers, without the bag'],
      seconds: 20,
      says: [
        ['剩菜剩饭、果皮、茶叶渣，放绿桶。', 'Leftovers, peel and tea leaves go into the green one.'],
        ['塑料袋不算厨余，要另外扔进灰桶。', 'The plastic bag does not: it belongs in the grey one.'],
      ],
    },
    {
      heading: '红桶  有害垃圾',
      lines: ['过期药、灯管、充电电池', '轻轻放，别打碎', 'Old medicine, lamps, batteries'],
      seconds: 20,
      says: [
        ['过期药品连同包装，放红桶。', 'Old medicine goes into the red one, packing and all.'],
        ['灯管轻轻放，碎了要包好再扔。', 'Lay lamps down gently; wrap up what is broken.'],
      ],
    },
    {
      heading: '灰桶  其他垃圾',
      lines: ['用过的纸巾、尘土、脏袋子', '拿不准，就放这里', 'In doubt? The grey one'],
      seconds: 20,
      says: [
        ['用过的纸巾、尘土、脏袋子，放灰桶。', 'Used tissues, dust and dirty bags go into the grey one.'],
        ['实在拿不准，也放灰桶，不要混进别的桶。', 'If in doubt choose grey, so that the others stay clean.'],
      ],
    },
  ],
};
