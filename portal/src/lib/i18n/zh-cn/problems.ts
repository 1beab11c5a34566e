import type { ProblemCode } from '@yike/contracts/problem';

/** What happened, whether anything was lost, and what to do: one line for every code that the API may answer. */
export const problems = {
  'problem.invalid-request': '有内容填得不对，请改一下再提交。',
  'problem.not-signed-in': '请先登录。',
  'problem.wrong-credentials': '用户名或密码不对，请再试一次。',
  'problem.token-invalid': '这个链接已经过期，请重新打开页面。',
  'problem.signature-invalid': '这次请求没有通过校验，请重新打开页面。',
  'problem.forbidden': '您的身份不能做这件事。',
  'problem.wrong-origin': '请从本站的页面操作。',
  'problem.not-found': '没有找到，可能已经下架。',
  'problem.conflict': '别处刚刚改过，请刷新后再试。',
  'problem.lecture-not-editable': '讲座已经开播，不能再改计划。',
  'problem.broadcast-not-live': '现在没有在直播。',
  'problem.broadcast-already-live': '这场讲座已经在直播了。',
  'problem.broadcast-ended': '直播已经结束，可以看回放。',
  'problem.already-publishing': '您已在另一个窗口开播，请先关掉那一个。',
  'problem.wrong-state': '现在还不能这样做，请刷新后再试。',
  'problem.stale-epoch': '连接已经换新，请刷新页面。',
  'problem.not-published': '这门课还没有公开。',
  'problem.playback-closed': '这次播放已经结束，请重新点播放。看过的时长都在。',
  'problem.lease-lost': '您在另一台设备上开始看了，这里先停下。看过的时长都在。',
  'problem.payload-too-large': '内容太大，请减少一些。',
  'problem.codec-not-supported': '这个浏览器不能播放，请换一个较新的浏览器。',
  'problem.too-many-requests': '操作太频繁了，请等一会儿再试。',
  'problem.internal': '系统出了点问题，您的记录没有变。请过一会儿再试。',
  'problem.service-unavailable': '暂时连不上，正在恢复。已经看过的时长不会丢。',
  'problem.node-full': '观看的人太多了，请过一会儿再进。',
  'problem.transcoder-full':
    '这个浏览器的画面要由服务器转换，现在名额满了。先只播声音；要播画面，请换新版的 Chrome、Edge 或 Safari。',
  'problem.no-media-node': '直播服务正在启动，请过几秒再试。',
  'problem.storage-full': '存储空间已满，请联系管理员。',
} as const satisfies Record<`problem.${ProblemCode}`, string>;
