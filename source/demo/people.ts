/**
 * Who writes: the owner of the demo mailbox, on the research ship Aurelia, and those around: aboard, at a polar station,
 * at the institute, at home. All of them, and every address, are made up (RFC 2606 domains).
 */
export type Person = {readonly name: string; readonly address: string; readonly place: string};

const person = (name: string, address: string, place: string): Person => ({name, address, place});

export const me = person('Robin Aske', 'robin.aske@aurelia.example', 'RV Aurelia');

export const ship = {
	captain: person('Ingrid Solheim', 'master@aurelia.example', 'RV Aurelia, bridge'),
	chief: person('Marek Dvořák', 'chief.engineer@aurelia.example', 'RV Aurelia, engine room'),
	cook: person('Aroha Ngata', 'galley@aurelia.example', 'RV Aurelia, galley'),
	scientist: person('Tomás Herrera', 'tomas.herrera@aurelia.example', 'RV Aurelia, wet lab'),
	radio: person('Noor Haddad', 'radio@aurelia.example', 'RV Aurelia, radio room'),
	student: person('Lena Vogt', 'lena.vogt@aurelia.example', 'RV Aurelia, wet lab'),
};

export const station = {
	lead: person('Camille Roussel', 'camille.roussel@hallett.example', 'Hallett Station'),
	doctor: person('Dr. Sipho Dlamini', 'doctor@hallett.example', 'Hallett Station'),
	technician: person('Kirsten Öberg', 'kirsten.oberg@hallett.example', 'Hallett Station'),
	meteorologist: person('Petr Novák', 'met@hallett.example', 'Hallett Station'),
};

export const institute = {
	professor: person('Haruka Tanaka', 'h.tanaka@polar.example', 'Institute for Polar Research'),
	administration: person('Beatriz Moura', 'b.moura@polar.example', 'Institute for Polar Research'),
	librarian: person('Owen Pryce', 'library@polar.example', 'Institute library'),
	computing: person('Yusuf Demir', 'y.demir@polar.example', 'Institute computing'),
};

export const home = {
	mother: person('Margit Aske', 'margit@aske.example', 'Tromsø'),
	brother: person('Jonas Aske', 'jonas@aske.example', 'Bergen'),
	friend: person('Priya Raman', 'priya@raman.example', 'Leeds'),
	neighbour: person('Elias Lindqvist', 'elias@lindqvist.example', 'Tromsø'),
};

export const aboard: readonly Person[] = Object.values(ship);
export const atStation: readonly Person[] = Object.values(station);
export const atInstitute: readonly Person[] = Object.values(institute);
export const atHome: readonly Person[] = Object.values(home);
