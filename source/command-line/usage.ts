/** What `bonsai --help` prints. What each command prints is in docs/commands.md. */
export const usage = `bonsai: mail over a bad line, one part at a time

  bonsai [--account A] [--mailbox M] [--budget free|metered] [--session-budget 200kB]
                                     read mail; with no account: set one up, or try the demo
  bonsai compose [ADDRESS] · mailto:…  the same, with a message to write
  bonsai demo [--link 9600bps,300ms] the built-in server and mailbox, optionally over a bad line (also --disable BURL,…)
         both    --plain  lines only, for braille and speech (by itself where TERM is dumb) · --slow  for a slow terminal

  bonsai account add NAME --imap imap://me@host[:143] --security tls|starttls|none
         one of  --password-command 'pass mail' · --password-env VARIABLE · --password-keyring
                 --authentication anonymous
         or      --tunnel 'ssh -o BatchMode=yes host /usr/lib/dovecot/imap' instead of --imap and a password
         or      --local [--folder FOLDER] for mail on this disk, in Maildirs
         also    --replace · --certificate FILE · --budget metered · --model disconnected · --disable EXTENSION,… · --special trash=NAME
                 --authentication auto|plain|login|scram-sha-256|xoauth2|oauthbearer|anonymous
         to send --smtp smtp://me@host[:587] or --sendmail-command 'msmtp -a work' · --identity 'Ada <ada@example.org>'
                 --signature FILE or ada@example.org=FILE · --identity-in ada@example.org=MAILBOX (both several times)
                 --smtp-security starttls|tls|none · --smtp-password-command, --smtp-password-env (else the account's own)
                 --sent-copies append|server|none (who files what you sent)
                 --drafts server|here (whether drafts lie on the server too)
  bonsai account list · check [NAME] · remove NAME
  bonsai mailboxes                   without a screen: for scripts, pipes and screen readers (docs/commands.md)
  bonsai list MAILBOX [--limit 20]
  bonsai read MAILBOX UID [--part 1.2] [--headers] [--all] · parts MAILBOX UID
  bonsai save MAILBOX UID PART|message FILE|- [--replace]
  bonsai flag MAILBOX UID… --add seen --remove flagged · move MAILBOX UID… TARGET · copy · delete [--forever] · outbox [--again|--undo|--arrived|--hold|--release|--discard ID]
         each    --account A · --json · --usage · --budget free|metered · --session-budget 200kB; by UID also --uidvalidity N
  bonsai state show MAILBOX · set MAILBOX server|client|shared FOLDER|ACCOUNT/MAILBOX
  bonsai state export MAILBOX FILE|- [--replace] · import MAILBOX FILE|-
                                     where read, flagged and the like are kept, and what of it is ours, as a newsrc
  bonsai sync [ACCOUNT] [--dry-run] [--remove-many] [--json]
                                     one call of a disconnected account: plan, send, bring what is wished for, hang up
  bonsai send [-t] [-i] [-f FROM] [--account A] [--no-wait] [--json] RECIPIENT… < message · send -q
                                     as sendmail: queues and sends; exit codes of sysexits
  bonsai wishes [MAILBOX] [--summaries 500|all|'30 days'] [--text 16kB] [--parts 'pdf 200kB'] [--previews yes] [--reset] [--disk 500MB] [--json]
                                     what of a mailbox, or of all others, comes to the disk when it is disconnected
  bonsai drains [MAILBOX] [--leave 7] [--older-than 30] [--not-above 5MB|none] [--reset] [--json]
                                     of an offline mailbox, or of all others: how long mail stays on the server, and which
  bonsai import FILE|FOLDER MAILBOX · export MAILBOX FILE|FOLDER/ [--replace]
                                     an mbox or Maildirs into local mail, and out of it; run again it goes on
  bonsai usage [--account A] [--json]  what was spent on the line, by purpose and by mailbox
  bonsai --help · --version

BONSAI_HOME holds configuration and state (else the XDG folders).
Exit codes: 0 done, 1 refused or left undone (and said so), 2 bad usage; of send those of sysexits.
`;
