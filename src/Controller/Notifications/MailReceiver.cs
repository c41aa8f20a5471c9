using System.Globalization;
using System.Net;
using System.Net.Mail;
using System.Security.Authentication;

namespace GitOpsSecrets.Controller.Notifications;

/// <summary>Mail over SMTP, encrypted by STARTTLS unless that is switched off.</summary>
internal sealed class MailReceiver(ReceiverOptions options) : INotificationReceiver
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public async Task SendAsync(Notification notification, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        using var client = new SmtpClient(options.Host, options.Port) { EnableSsl = options.StartTls };
        if (options.CredentialFile is { } file) client.Credentials = new NetworkCredential(options.Username, await CredentialText.ReadAsync(file, limit.Token).ConfigureAwait(false));
        using var mail = new MailMessage { From = new MailAddress(options.From), Subject = notification.Summary, Body = Body(notification) };
        foreach (var address in options.To) mail.To.Add(address);
        // One thread of the mailbox an object.
        mail.Headers.Add("References", $"<{Uri.EscapeDataString(notification.Subject)}@gitopssecrets>");
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        try
        {
            await client.SendMailAsync(mail, limit.Token).ConfigureAwait(false);
        }
        catch (SmtpException failure)
        {
            throw Told(failure);
        }
        catch (AuthenticationException)
        {
            throw Untrusted();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new NotificationException("no answer in time", isFinal: false);
        }
    }

    // Without a code of the server it got no further than the connection. Its own words may quote an address; ours do not.
    private NotificationException Told(SmtpException failure)
    {
        var code = (int)failure.StatusCode;
        if (code > 0) return new(string.Create(CultureInfo.InvariantCulture, $"SMTP {code}"), isFinal: code is >= 500 and < 600);
        return failure.InnerException switch
        {
            AuthenticationException => Untrusted(),
            null when options.StartTls => new("the mail server offers no STARTTLS", isFinal: false),
            _ => new("no connection to the mail server", isFinal: false),
        };
    }

    private static NotificationException Untrusted() => new("the certificate of the mail server is not trusted, or for another name", isFinal: false);

    private static string Body(Notification notification) =>
        $"{notification.Summary}\n\n{notification.Message}\n\nReason: {notification.Outcome.Reason}\nSince: {notification.At.UtcDateTime.ToString("u", CultureInfo.InvariantCulture)}\n";
}
