/**
 * What people write about: subjects, and sentences that may follow one another. `#` stands for a number that is the same
 * in all of a thread; subjects between `|` are alternatives.
 */
export type Topic = {
	readonly subject: string;
	readonly sentences: readonly string[];
	readonly answers: readonly string[];
};

export const workTopics: readonly Topic[] = [
	{
		subject: 'CTD cast at station #',
		sentences: [
			'The cast at station # went down to 3,820 metres and came back with all twenty-four bottles closed.',
			'Salinity at the bottom is 34.66, which is fresher than last year by two in the second place.',
			'The oxygen sensor drifts: it reads four per cent low against the Winkler titrations.',
			'I would like to repeat the upper 500 metres on the way back, if the ice lets us.',
			'The raw files are on the shared disk under ctd/2026/leg3, with the calibration beside them.',
			'Please do not use the second conductivity cell; it was frozen on deck for an hour.',
		],
		answers: [
			'Agreed about the second cell, I have marked it as bad from cast 12 on.',
			'We could have two hours at 05:00 tomorrow, before the wind turns.',
			'The titrations of last night agree with yours within the noise.',
			'I will apply the correction and send the profiles tonight.',
		],
	},
	{
		subject: 'Fuel and the route south|Route for the next # hours|The lead at 70 degrees',
		sentences: [
			'We have used 11.2 tonnes a day since the ice edge, against 9.5 in the plan.',
			'The satellite picture of this morning shows an open lead along 70 degrees, wide enough for us.',
			'If we take it we arrive at the shelf two days early and save about 18 tonnes.',
			'If it closes we lose a day. I consider that a fair price.',
			'The harbour master asks for our arrival before Friday.',
			'Let us decide at the 18:00 meeting.',
		],
		answers: [
			'The engine room is happy with either, as long as we keep below 80 per cent.',
			'The forecast gives us 36 hours of south-easterly, so the lead should stay open.',
			'I vote for the lead.',
			'Then please tell the station that the container comes first.',
		],
	},
	{
		subject: 'Ice core drilling, section #',
		sentences: [
			'Section # is out: 2.93 metres, two breaks, no missing ice.',
			'There is a visible ash layer at 41.6 centimetres from the top; photographs are attached to the log.',
			'The drill fluid is down to four drums, which is enough for three sections.',
			'We keep the cores at minus 28; the second freezer has been quiet since the new relay.',
			'Could somebody check the depth table? I get 214.08 where the sheet says 214.11.',
		],
		answers: [
			'214.08 is right; the sheet still had the old cable stretch in it.',
			'Beautiful layer. Please keep five centimetres on each side untouched.',
			'Four drums more can come with the ship if we order before Thursday.',
		],
	},
	{
		subject: 'Turbidity sensor on mooring #|Mooring # recovered|Krill in the sensor of mooring #',
		sentences: [
			'The mooring came up with its turbidity sensor full of krill.',
			'Before that it had recorded eleven months at ten-minute intervals without a gap.',
			'I rinsed it and let it soak overnight; the zero is back where it was.',
			'The release took four attempts; its battery read 6.1 volts.',
			'I suggest two releases in parallel next time, as the manual has always recommended.',
		],
		answers: [
			'Eleven months is better than I hoped.',
			'Two releases then. There is a spare one in box 31.',
			'Could you cut the last two weeks and send me the rest? Ten-minute means are enough.',
		],
	},
	{
		subject: 'Draft of the methods section, version #|Comments on draft #',
		sentences: [
			'I have rewritten the methods section around the order in which things were done.',
			'The paragraph on filtration is still too long, but I could not find the sentence to drop.',
			'Reviewer two will ask about blanks; table S2 answers that now.',
			'Figure 3 needs the new colours, the old ones cannot be told apart in grey.',
			'Comments until Wednesday would reach the editor in time.',
		],
		answers: [
			'Drop the second sentence of filtration, the reference says it.',
			'I have marked small things in the margin, none of them urgent.',
			'Table S2 is much better. The units in the last column are missing.',
			'Ready from my side.',
		],
	},
	{
		subject: 'Watch list for week #',
		sentences: [
			'Here is the watch list for week #, in three watches of four hours.',
			'Lena has asked for the morning watch because of her incubations.',
			'Nobody stands two nights in a row, and nobody cooks after a night watch.',
			'Changes are fine as long as both write them on the sheet in the mess.',
		],
		answers: ['I can take the 04:00 on the 19th.', 'Please swap me with Tomás on Sunday.', 'Fine with the galley.'],
	},
	{
		subject: 'Satellite allowance this month|Bytes, again|Who is using the line?',
		sentences: [
			'We are at 71 per cent of the allowance and it is the 17th.',
			'Most of it is one laptop that updates itself whenever it is woken.',
			'From tonight updates wait until we are in port; the proxy says so politely.',
			'Mail is not the problem: all of us together use less than that laptop in an hour.',
			'Large attachments stay ashore until somebody asks for them by name.',
		],
		answers: [
			'It was mine, I am sorry. It is switched off now.',
			'Can the ice charts have priority between 06:00 and 07:00?',
			'Thank you, the line feels twice as fast already.',
		],
	},
	{
		subject: 'Container #: packing list',
		sentences: [
			'Container # goes to the station and must not freeze.',
			'The reagents are in the blue boxes, with the data sheets in a pocket on each lid.',
			'Box 12 holds the spare pump and both sets of gaskets.',
			'Weight is 2,340 kg by our scale, which reads about one per cent low.',
			'Customs want the list in two languages; I have added French.',
		],
		answers: [
			'We have cleared a place for it in the garage, at plus five.',
			'Box 9 is listed twice, is one of them box 8?',
			'Received, thank you. The French is charming.',
		],
	},
	{
		subject: 'Generator two|Ten minutes on one generator|Sea chest, day #',
		sentences: [
			'Generator two ran warm again last night, 96 degrees at half load.',
			'The thermostat is new, so I suspect the sea chest is half full of slush.',
			'I will blow it out during the station tomorrow; expect ten minutes on one generator.',
			'Please save your work at 09:55.',
		],
		answers: [
			'Saved. The winch will wait for you.',
			'It was slush, about a bucket of it. 84 degrees now.',
			'Thank you, Marek.',
		],
	},
	{
		subject: 'Travel claims, third quarter|Your claim no. #|Ferry receipt no. #',
		sentences: [
			'Your claim for July is complete except for the ferry receipt.',
			'A photograph of it is enough, even a small one.',
			'The per diem at sea changed in August; the new table is on the staff pages.',
			'I close the quarter on the last working day of this month.',
		],
		answers: [
			'The receipt went overboard, I fear. Is a bank statement enough?',
			'A bank statement is fine.',
			'Attached now. It is small.',
		],
	},
	{
		subject: 'Weather window for the traverse|Traverse #: leaving on Tuesday|Depot B, traverse #',
		sentences: [
			'The models agree on a ridge from Tuesday noon until Thursday.',
			'Wind below ten knots, minus nineteen, good contrast.',
			'After that a low comes in from the west and I would want everybody inside.',
			'The two sledges can be at depot B in nine hours if the crevasse field is marked.',
		],
		answers: [
			'The flags were still standing on Sunday.',
			'Then we leave at 11:00 on Tuesday.',
			'Radio check every three hours, please.',
		],
	},
	{
		subject: 'Old logbooks in the archive|Logbook # scanned|Reading room, shelf #',
		sentences: [
			'We have found nine more logbooks of the whaling stations, 1911 to 1926.',
			'They hold sea ice observations twice a day in a very legible hand.',
			'I can scan about forty pages an hour, if somebody tells me which months matter.',
			'The reading room is closed next week for the new roof.',
		],
		answers: [
			'October to December of every year, please.',
			'This is a treasure. Thank you.',
			'Could the pages be numbered as in the catalogue?',
		],
	},
];

export const privateTopics: readonly Topic[] = [
	{
		subject: 'The roof|Rain|News from the house',
		sentences: [
			'The man came about the roof and says it will hold another winter.',
			'He replaced eleven slates and would not take coffee.',
			'Your bicycle is in the cellar now, it was in his way.',
			'It has rained every day since you left, except the day you called.',
			'The cat sleeps on your side of the sofa.',
		],
		answers: [
			'Good news about the roof. Please thank him.',
			'Tell the cat that I am back in March.',
			'Here it has not rained at all. It cannot.',
		],
	},
	{
		subject: 'Choir concert in December|The second altos|Duruflé',
		sentences: [
			'We sing the Duruflé this year, in the cold church again.',
			'The second altos are five now and sound like twelve.',
			'They will record it, so that you can hear it when you are in port.',
			'Father would have complained about the tempo.',
		],
		answers: [
			'Please keep me a copy, I will fetch it at the first good line.',
			'Five second altos! Where did you find them?',
			'He would have, and hummed along.',
		],
	},
	{
		subject: 'Books for the crossing|A parcel for you|The thin book',
		sentences: [
			'I have put four books into the parcel, and the thin one is the best.',
			'The thick one is for the days when you cannot stand up.',
			'If you meet anybody who reads Portuguese, the poems are for them.',
			'Tell me which one you began with.',
		],
		answers: [
			'The thin one. You were right, as usual.',
			'The poems went to the chief engineer, who is silent since.',
			'The parcel arrived dry.',
		],
	},
	{
		subject: 'Sunday walk|Up at the lake|The red hut',
		sentences: [
			'We walked up to the lake, the four of us and two dogs.',
			'There was ice at the edge already, thin as paper.',
			'Somebody has painted the hut red and the door blue.',
			'We spoke of you at the top, where there is a signal.',
		],
		answers: ['I can see it before me. Red suits it.', 'Walk it once more for me before the snow.', 'Two dogs?'],
	},
	{
		subject: 'Your post|Letters for you|The dentist',
		sentences: [
			'There are three letters for you that look official and one that does not.',
			'The dentist writes again.',
			'I have paid the electricity, it was less than last year.',
			'Shall I open the one from the tax office?',
		],
		answers: [
			'Please open it. Slowly.',
			'The one that does not look official: keep it.',
			'Thank you for the electricity, I will settle it in March.',
		],
	},
	{
		subject: 'Rowing boat|Larch|Two planks',
		sentences: [
			'The boat is out of the water and upside down behind the shed.',
			'Two planks want replacing, both on the side where we met the pier.',
			'I have found larch, dry, for a fair price.',
			'It will be ready when you are.',
		],
		answers: ['I remember the pier.', 'Larch is good. Half of it is mine.', 'Keep the oars away from the neighbour.'],
	},
];

/** A topic with its number and one of its subjects chosen. */
export const settled = (topic: Topic, seed: number): Topic => {
	const number = String(2 + ((seed * 7) % 41));
	const subjects = topic.subject.split('|');
	const fill = (sentence: string): string => sentence.replaceAll('#', number);
	return {
		subject: fill(subjects[seed % subjects.length]!),
		sentences: topic.sentences.map(fill),
		answers: topic.answers.map(fill),
	};
};
