/** Registered residents, for who looks after them. */
export const residents = {
  'residents.title': 'Residents',
  'residents.lead': 'Registered residents of your organisations. Names and numbers are shown in part.',
  'residents.search': 'Find a resident',
  'residents.searchHint': 'The beginning of a name, or a whole mobile or identity card number',
  'residents.everyone': 'Everyone',
  'residents.go': 'Find',
  'residents.order': 'Order',
  'residents.byName': 'By name',
  'residents.byNewest': 'Newest first',
  'residents.none': 'Nobody found',
  'residents.noneBody': 'Only residents of your organisations are found. Numbers must be complete.',
  'residents.registered': 'Registered',
  'residents.reveal': 'Show the whole value',
  'residents.revealBody':
    'Only where your work needs it. Who looked, when and why is written into the audit log.',
  'residents.revealWhat': 'Which one',
  'residents.reason': 'Reason',
  'residents.reasonHint': 'For instance: checking a certificate',
  'residents.revealGo': 'Show',
  'admin.today': 'Today',
} as const;
