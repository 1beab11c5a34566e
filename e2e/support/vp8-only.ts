type CreateOffer = (this: RTCPeerConnection, options?: RTCOfferOptions) => Promise<RTCSessionDescriptionInit>;

/** As a script for a page, to be run before its own: a browser that cannot send H.264. */
export const VP8_ONLY = `(${forgetH264.toString()})()`;

/** Takes H.264 out of every offer: what a browser offers is what a sender finds out it can. */
function forgetH264(): void {
  const { prototype } = RTCPeerConnection;
  const original = Reflect.get(prototype, 'createOffer') as CreateOffer;
  const without = (sdp: string): string => {
    const dropped = [...sdp.matchAll(/^a=rtpmap:(\d+) H26[45]\//gm)].map(([, type]) => type ?? '');
    const resent = [...sdp.matchAll(/^a=fmtp:(\d+) apt=(\d+)/gm)].filter(([, , of]) =>
      dropped.includes(of ?? ''),
    );
    const all = new Set([...dropped, ...resent.map(([, type]) => type ?? '')]);
    return sdp
      .split('\r\n')
      .filter((line) => !all.has(/^a=(?:rtpmap|fmtp|rtcp-fb):(\d+) /.exec(line)?.[1] ?? ''))
      .map((line) =>
        line.startsWith('m=video')
          ? line
              .split(' ')
              .filter((word, place) => place < 3 || !all.has(word))
              .join(' ')
          : line,
      )
      .join('\r\n');
  };
  const createOffer = async function (this: RTCPeerConnection, options?: RTCOfferOptions) {
    const offer = await original.call(this, options);
    return { ...offer, type: 'offer' as const, sdp: without(offer.sdp ?? '') };
  };
  Object.assign(prototype, { createOffer });
}
