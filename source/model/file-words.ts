/** What a system says by a code, in the words of the user. Pure. */
const words: Readonly<Record<string, string>> = {
	EACCES: 'your system does not allow it',
	EDQUOT: 'your share of the disk is full',
	EEXIST: 'a file of that name is there already',
	EFBIG: 'the disk takes no file of that size',
	EIO: 'the disk reports an error',
	EISDIR: 'it is a folder',
	ENAMETOOLONG: 'the name is too long',
	ENOENT: 'there is no such file or folder',
	ENOSPC: 'the disk is full',
	ENOTDIR: 'there is a file where a folder should be',
	EPERM: 'your system does not allow it',
	EROFS: 'the disk is read-only',
};

/** Why something with a file was not possible, as the end of a sentence; undefined: there are no words for it. */
export const fileWords = (error: unknown): string | undefined => words[(error as NodeJS.ErrnoException)?.code ?? ''];
