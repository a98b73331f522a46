import vue from 'eslint-plugin-vue';
import ts from 'typescript-eslint';

const bans = (list) => list.map(([object, property, message]) => ({ object, property, message }));

export default ts.config(
  { ignores: ['out/', 'node_modules/', 'build/', 'test-results/', '*.cjs', 'eslint.config.mjs'] },
  ...ts.configs.recommendedTypeChecked,
  ...vue.configs['flat/recommended'],
  {
    languageOptions: {
      parserOptions: {
        parser: ts.parser,
        extraFileExtensions: ['.vue'],
        project: ['./tsconfig.node.json', './tsconfig.web.json', './tsconfig.e2e.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      // A reader knows what `packet.sackEdges[0]!` means; the compiler cannot know the length.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'max-depth': ['error', 3],
      eqeqeq: 'error',
      // The compiler knows the names; templates are formatted by Prettier.
      'no-undef': 'off',
      'vue/multi-word-component-names': 'off',
      'vue/html-self-closing': 'off',
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/html-indent': 'off',
      'vue/html-closing-bracket-newline': 'off',
    },
  },
  {
    // vue-tsc knows the types of components; the linter's parser does not.
    files: ['renderer/**'],
    rules: { '@typescript-eslint/no-unsafe-assignment': 'off', '@typescript-eslint/no-unsafe-argument': 'off' },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      // Tests look into what others send, and nest loops over seeds and steps.
      'max-depth': 'off',
      '@typescript-eslint/no-implied-eval': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['core/**/*.ts'],
    rules: {
      'max-params': ['error', { max: 6 }],
      'no-restricted-properties': [
        'error',
        ...bans([
          ['Math', 'random', 'use streams.named(…)'],
          ['Date', 'now', 'virtual time is an argument'],
          ['Math', 'log', 'use ln of base: the last bits of Math.log differ between engines'],
          ['Math', 'exp', 'use exp of base'],
          ['Math', 'pow', 'use pow of base, or a shift'],
          ['Math', 'cbrt', 'use cbrt of base'],
        ]),
      ],
      'no-restricted-globals': [
        'error',
        { name: 'console', message: 'core returns problems; the command line writes through core/cli/output.ts' },
        { name: 'setTimeout', message: 'virtual time has no wall clock' },
      ],
    },
  },
);
