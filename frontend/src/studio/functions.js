/** The functions that the host adds to FEEL: working days of the city and its schools. */
const calendar = '<p>Kalender: <code>"office"</code> (Arbeitstage) oder <code>"school"</code> (Schultage).</p>';

export const hostFunctions = [
  described('next due', [ 'start', 'days', 'calendar' ],
    'Ende des n-ten offenen Tages nach dem Beginn, als Datum mit Uhrzeit.',
    'next due(now(), 3, "office")'),
  described('add working days', [ 'start', 'days', 'calendar' ],
    'Das Datum des n-ten offenen Tages nach dem Beginn.',
    'add working days(today(), 5, "office")'),
  described('follow up date', [ 'start', 'duration', 'calendar' ],
    'Das Datum nach einer Dauer, verschoben auf einen offenen Tag.',
    'follow up date(agreed_on, duration("P3M"), "office")'),
  described('is working day', [ 'date', 'calendar' ],
    'Ob an diesem Tag gearbeitet wird.',
    'is working day(today(), "school")'),
];

function described(name, params, sentence, example) {
  return {
    name,
    type: 'function',
    params: params.map((param) => ({ name: param })),
    info: `<p>${sentence}</p>${calendar}<pre><code>${example}</code></pre>`,
  };
}
