import { UserError } from '../../core/index.ts';
import type { Notification } from '../notification.ts';
import type { Notifier, NotifyResult } from '../notifier.ts';
import { createPayload } from '../payload.ts';
import type { EmailConfig } from './config.ts';
import type { NotifierContext } from './create-notifier.ts';
import { reasonOf } from './http-sender.ts';
import { readAddresses } from './mail-address.ts';
import { composeMail } from './mail-message.ts';
import { type Mail, sendMail } from './smtp.ts';

/**
 * Mails an alert as Alertmanager's notify/email does: whatever the server says may be retried, and what our own
 * templates and addresses spoil may not. When a server refuses some of the recipients, the others get the mail.
 */
export function createEmailNotifier(config: EmailConfig, { clock, logger }: NotifierContext): Notifier {
  async function compose(notification: Notification): Promise<Mail> {
    const now = clock.now();
    const payload = createPayload(notification, 0);
    const expansion = config.templates.begin(payload, now);
    const [from, ...others] = readAddresses(expansion.text(config.from, 'from'), 'from');
    if (others.length > 0) throw new UserError('bad-address', `must be exactly one 'from' address`);
    const to = readAddresses(expansion.text(config.to, 'to'), 'to');
    const headers = new Map(
      [...config.headers].map(([name, value]) => [name, expansion.text(value, `headers.${name}`)]),
    );
    const texts = {
      headers,
      text: expansion.text(config.text, 'text'),
      html: expansion.html(config.html, 'html'),
    };
    const { groupKey } = payload;
    const message = await composeMail(texts, { groupKey, now, threading: config.threading });
    return { from: from!, to, message };
  }

  return {
    async notify(notification, signal): Promise<NotifyResult> {
      let mail: Mail;
      try {
        mail = await compose(notification);
      } catch (error) {
        return { outcome: 'failed', reason: reasonOf(error) };
      }
      try {
        const refused = await sendMail(config, mail, signal);
        if (refused.length > 0)
          logger.warn(
            { groupKey: notification.groupKey, refused },
            'the mail server refused some recipients',
          );
        return { outcome: 'delivered', reason: 'accepted by the mail server' };
      } catch (error) {
        return { outcome: 'retry', reason: reasonOf(error) };
      }
    },
  };
}
