import type { problems as zhCn } from '../zh-cn/problems.ts';

export const problems: Readonly<Record<keyof typeof zhCn, string>> = {
  'problem.invalid-request': 'Something in the form is not right. Please correct it and try again.',
  'problem.not-signed-in': 'Please sign in first.',
  'problem.wrong-credentials': 'The user name or password is wrong. Please try again.',
  'problem.token-invalid': 'This link has expired. Please open the page again.',
  'problem.signature-invalid': 'This request could not be verified. Please open the page again.',
  'problem.forbidden': 'Your role does not allow this.',
  'problem.step-up-needed': 'Please show once more that it is you.',
  'problem.needs-second-person': 'Somebody else with the same right must agree to this.',
  'problem.wrong-origin': 'Please use the pages of this site.',
  'problem.not-found': 'Not found. It may have been withdrawn.',
  'problem.conflict': 'This was just changed elsewhere. Please reload and try again.',
  'problem.lecture-not-editable': 'The lecture has already been live, so its plan can no longer be changed.',
  'problem.broadcast-not-live': 'Nothing is live at the moment.',
  'problem.broadcast-already-live': 'This lecture is already live.',
  'problem.broadcast-ended': 'The broadcast has ended. You can watch the replay.',
  'problem.already-publishing': 'You are live in another window. Please close that one first.',
  'problem.wrong-state': 'This is not possible right now. Please reload and try again.',
  'problem.stale-epoch': 'The connection was renewed. Please reload the page.',
  'problem.not-published': 'This course has not been published yet.',
  'problem.playback-closed': 'This session is over. Press play again; the time you watched is safe.',
  'problem.lease-lost':
    'You began watching on another device, so this one pauses. The time you watched is safe.',
  'problem.organisation-level-unfit':
    'The levels do not join: the unit above must be exactly one level higher.',
  'problem.organisation-name-taken': 'There is already a unit of this name below the same one.',
  'problem.organisation-code-taken': 'Another organisation has this code.',
  'problem.organisation-itself': 'A unit cannot be merged into itself.',
  'problem.organisation-not-empty': 'There are still residents or units in it. Move or merge them first.',
  'problem.organisation-closed': 'This organisation is closed and cannot be changed any more.',
  'problem.organisations-changed':
    'The file or the tree changed after the preview. Nothing was imported; please preview again.',
  'problem.payload-too-large': 'That is too large. Please make it smaller.',
  'problem.codec-not-supported': 'This browser cannot play it. Please use a more recent one.',
  'problem.sheet-unreadable':
    'This file cannot be read. Save it as .xlsx and keep the column names in the first line.',
  'problem.phone-invalid': 'This is not a mobile number. Please check its 11 digits.',
  'problem.document-invalid': 'That ID number is not right. Please check it against the card.',
  'problem.name-invalid': 'The name has characters we cannot take. Please type it as the document has it.',
  'problem.phone-taken':
    'This phone belongs to another account. If it is yours, sign in with it or ask your community office.',
  'problem.is-guardian':
    'A minor is registered under you as guardian. Please ask your community office for another guardian first.',
  'problem.document-taken':
    'This document is registered already. Sign in with the phone you used then, or ask your community office.',
  'problem.code-wrong': 'These are not the digits of the code. Please look at the message again.',
  'problem.code-spent': 'This code is no longer good. Please ask for a new one.',
  'problem.message-not-sent': 'The message could not be sent. Please try again in a while.',
  'problem.phone-proof-spent':
    'It is too long since the phone was checked. Please check it again; what you filled in is still here.',
  'problem.consent-missing': 'Please read and accept the terms first.',
  'problem.guardian-needed': 'Under 18, please register together with a guardian.',
  'problem.guardian-unknown': 'The guardian must be 18 or older and registered with their own phone first.',
  'problem.no-phone': 'Your account has no phone. Please confirm with your password.',
  'problem.too-many-requests': 'Too many tries. Please wait a moment.',
  'problem.internal':
    'Something went wrong on our side. Your record is unchanged. Please try again in a moment.',
  'problem.service-unavailable':
    'The service cannot be reached right now and will be back shortly. The time you watched is safe.',
  'problem.node-full': 'Too many people are watching. Please come back in a moment.',
  'problem.transcoder-full':
    'The server has to convert the picture of this browser and has no capacity left. You are heard, but not seen; to be seen, use a recent Chrome, Edge or Safari.',
  'problem.no-media-node': 'The live service is starting. Please try again in a few seconds.',
  'problem.storage-full': 'Storage is full. Please tell the administrator.',
};
