/**
 * Makes dist/: the program as it is installed, split by what is needed when.
 *
 * - `bonsai.js` is the entry and all of the first frame, one CommonJS file: Node starts that 3 ms sooner than a module,
 *   and reading it is part of every start. It parses on an old Node, so that it can say what it needs.
 * - `cli.mjs` and its chunks are all the rest, loaded when they are wanted. `import()` stays lazy, so imapflow and
 *   html-to-text cost nothing before the first screen, and commands load nothing of Ink.
 * - What both use is in both. So nothing that has an identity (a class that is caught, a table that fills) may be handed
 *   from the one to the other, but for the terminal, which the entry opens.
 * - react-devtools-core is Ink's for development only; left out, the program would not start, so it is a stub.
 * - restore-cursor would write to stderr at exit, past terminal/, which restores the cursor itself.
 * - Yoga would fetch its own data: URL, and with `fetch` all of undici; it is given its bytes instead.
 * - CommonJS packages need a `require`, hence the banner of the chunks.
 */
import {chmodSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {type BuildOptions, build, type Plugin} from 'esbuild';

const at = (path: string): string => new URL(path, import.meta.url).pathname;

const stubs: Plugin = {
	name: 'stubs',
	setup({onResolve, onLoad}) {
		onResolve({filter: /^(react-devtools-core|restore-cursor)$/}, ({path}) => ({path, namespace: 'stub'}));
		onLoad({filter: /.*/, namespace: 'stub'}, () => ({contents: 'export default () => {}'}));
	},
};

/**
 * Ink counts columns as we do: it can then never disagree with the cell terminal, and a row that is not ASCII costs it
 * no segmenting.
 */
const width: Plugin = {
	name: 'width',
	setup({onResolve}) {
		onResolve({filter: /^string-width$/}, () => ({path: at('terminal/ink-width.ts')}));
		onResolve({filter: /^@alcalzone\/ansi-tokenize$/}, ({importer}) =>
			importer.endsWith('ink-tokens.ts') ? undefined : {path: at('ink-tokens.ts')},
		);
		onResolve({filter: /^\.\/output\.js$/}, ({importer}) =>
			/[\\/]ink[\\/]build[\\/]renderer\.js$/.test(importer) ? {path: at('ink-output.ts')} : undefined,
		);
	},
};

const dataUrl = /"data:application\/octet-stream;base64,([^"]+)"/;

const yoga: Plugin = {
	name: 'yoga',
	setup({onResolve, onLoad}) {
		const binary = /yoga-layout[\\/]dist[\\/]binaries[\\/]yoga-wasm-base64-esm\.js$/;
		onLoad({filter: binary, namespace: 'file'}, ({path}) => ({
			contents: readFileSync(path, 'utf8').replace(dataUrl, '"data:application/octet-stream;base64,"'),
		}));
		onResolve({filter: /^yoga\.wasm$/}, ({importer}) => ({
			path: importer.replace(/src[\\/]index\.js$/, 'binaries/yoga-wasm-base64-esm.js'),
			namespace: 'wasm',
		}));
		onLoad({filter: /.*/, namespace: 'wasm'}, ({path}) => {
			const [, base64] = dataUrl.exec(readFileSync(path, 'utf8')) ?? [];
			if (base64 === undefined) throw new Error(`${path} has no data: URL any more`);
			return {contents: Buffer.from(base64, 'base64'), loader: 'binary'};
		});
		onLoad({filter: /yoga-layout[\\/]dist[\\/]src[\\/]index\.js$/}, ({path}) => {
			const given = readFileSync(path, 'utf8').replace(
				'await loadYoga()',
				`await loadYoga({instantiateWasm(imports, done) {
					const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), imports);
					done(instance);
					return instance.exports;
				}})`,
			);
			if (!given.includes('instantiateWasm')) throw new Error(`${path} loads Yoga in another way`);
			return {contents: `import bytes from 'yoga.wasm';\n${given}`};
		});
	},
};

/** The one door from the entry to the rest. */
const rest: Plugin = {
	name: 'rest',
	setup({onResolve}) {
		onResolve({filter: /[\\/]cli\.ts$/}, ({kind}) =>
			kind === 'dynamic-import' ? {path: './cli.mjs', external: true} : undefined,
		);
	},
};

const common: BuildOptions = {
	bundle: true,
	platform: 'node',
	// Names stay: a crash is printed with them.
	minifySyntax: true,
	minifyWhitespace: true,
	legalComments: 'linked',
	// esbuild believes that Node lacks them, and would compile such an expression at each use.
	supported: {'regexp-unicode-property-escapes': true, 'regexp-set-notation': true},
	logLevel: 'error',
	define: {'process.env.NODE_ENV': '"production"'},
};

const dist = at('../dist/');
// Chunks have their content in their names: old ones would stay.
rmSync(dist, {recursive: true, force: true});
await build({
	...common,
	entryPoints: [at('bonsai.ts')],
	outfile: `${dist}bonsai.js`,
	format: 'cjs',
	target: 'node18',
	// V8 makes the tables of a literal when it reads it, those of `new RegExp` when it comes to that (model/lazily.ts).
	supported: {},
	plugins: [rest],
	banner: {js: '#!/usr/bin/env node'},
});
await build({
	...common,
	entryPoints: [at('cli.ts')],
	outdir: dist,
	outExtension: {'.js': '.mjs'},
	chunkNames: '[name]-[hash]',
	splitting: true,
	format: 'esm',
	target: 'node22',
	jsx: 'automatic',
	plugins: [stubs, yoga, width],
	// Prebuilt for each platform, and optional: it is found beside the program or not at all.
	external: ['@napi-rs/keyring'],
	banner: {
		js: "import {createRequire as __createRequire} from 'node:module';const require=__createRequire(import.meta.url);",
	},
});
// The package is of modules; the entry is not one.
writeFileSync(`${dist}package.json`, '{"type": "commonjs"}\n');
chmodSync(`${dist}bonsai.js`, 0o755);
