/**
 * What `bonsai --help` prints; docs/commands.md says what each command prints. Laws (test/command-line.test.ts): no line
 * is wider than 80 columns, and every option is named.
 */
export const usage = `bonsai: mail over a bad line, one part at a time

  bonsai [--account A] [--mailbox M] [--budget free|metered]
         [--session-budget 200kB] [--plain] [--slow]
                  read mail; with no account: set one up, or try the demo
  bonsai compose [ADDRESS], bonsai mailto:…
                  the same, with a message to write
  bonsai demo [--link 9600bps,300ms] [--disable BURL,…]
                  the built-in server and mailbox, optionally over a bad line
    --plain       lines only, for braille and speech (by itself where TERM is
                  dumb)
    --slow        for a slow terminal

  bonsai account add NAME --imap imap://me@host[:143]
                  --security tls|starttls|none --certificate FILE
                  --password-command 'pass mail', --password-env VARIABLE or
                  --password-keyring
                  --authentication auto|plain|login|scram-sha-256|xoauth2
                                   |oauthbearer|anonymous
    or            --tunnel 'ssh -o BatchMode=yes host /usr/lib/dovecot/imap'
                  [--user ME and a password] instead
    or            --local [--folder FOLDER] for mail on this disk, in Maildirs
    also          --model online|disconnected|offline --budget free|metered
                  --disable EXTENSION,… --special trash=NAME
                  --replace what is there of that name
    to send       --smtp smtp://me@host[:587], or
                  --sendmail-command 'msmtp -a work'
                  --smtp-security starttls|tls|none
                  --smtp-password-command, --smtp-password-env (else the
                  account's own)
                  --identity 'Ada <ada@example.org>' (these three several times)
                  --signature FILE or ada@example.org=FILE
                  --identity-in ada@example.org=MAILBOX
                  --sent-copies append|server|none (who files what you sent)
                  --drafts server|here (whether drafts lie there too)
  bonsai account list, check [NAME], remove NAME

Without a screen, for scripts, pipes and screen readers (docs/commands.md):

  bonsai mailboxes
  bonsai list MAILBOX [--limit 20]
  bonsai read MAILBOX UID [--part 1.2] [--headers] [--all]
  bonsai parts MAILBOX UID
  bonsai save MAILBOX UID PART|message FILE|- [--replace]
  bonsai flag MAILBOX UID… --add seen --remove flagged
  bonsai move MAILBOX UID… TARGET [--to-account B]
  bonsai copy MAILBOX UID… TARGET [--to-account B]
  bonsai delete MAILBOX UID… [--forever]
    these four    --no-wait leaves at once; what is queued is sent later
    by UID        --uidvalidity N
    each          --account A --json --usage --budget free|metered
                  --session-budget 200kB
  bonsai outbox [--again|--undo|--arrived|--hold|--release|--discard ID]
                  what waits, and what of it is mail that needs a word
  bonsai sync [ACCOUNT] [--dry-run] [--remove-many] [--json]
                  one call of an account that is disconnected or offline: plan,
                  send, bring what is wished for, hang up
  bonsai wishes [MAILBOX] [--summaries 500|all|'30 days'] [--text 16kB]
                [--parts 'pdf 200kB'] [--previews yes] [--reset]
                [--disk 500MB] [--json]
                  what of a mailbox, or of all others, comes to the disk when
                  it is disconnected
  bonsai drains [MAILBOX] [--leave 7] [--older-than 30]
                [--not-above 5MB|none] [--reset] [--json]
                  of an offline mailbox, or of all others: how long mail stays
                  on the server, and which
  bonsai state show MAILBOX
  bonsai state set MAILBOX server|client|shared FOLDER|ACCOUNT/MAILBOX
  bonsai state export MAILBOX FILE|- [--replace], import MAILBOX FILE|-
                  where read, flagged and the like are kept, and what of it is
                  ours, as a newsrc
  bonsai import FILE|FOLDER MAILBOX
  bonsai export MAILBOX FILE|FOLDER/ [--replace]
                  an mbox or Maildirs into local mail, and out of it; run again
                  it goes on
  bonsai send [-t] [-i] [-f FROM] [--account A] [--no-wait] [--json]
              RECIPIENT… < message
  bonsai send -q
                  as sendmail: queues and sends; exit codes of sysexits
  bonsai usage [--account A] [--json]
                  what was spent on the line, by purpose and by mailbox
  bonsai --help, --version

BONSAI_HOME holds configuration and state (else the XDG folders).
Exit codes: 0 done, 1 refused or left undone (and said so), 2 bad usage; of send
those of sysexits.
`;
