using GitOpsSecrets.Controller.Notifications;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Controller.Tests.Kube;

namespace GitOpsSecrets.Controller.Tests.Notifications;

/// <summary>Nothing goes to a mail server that is not the right one. That a mail does go to one that is, over TLS and with a password, needs an authority that the whole process trusts: see MailTests.</summary>
public sealed class MailReceiverTests : IDisposable
{
    private readonly string passwordFile = Path.GetTempFileName();

    public MailReceiverTests() => File.WriteAllText(passwordFile, "the-credential");

    public void Dispose() => File.Delete(passwordFile);

    [Fact]
    public async Task A_server_whose_certificate_nobody_vouches_for_gets_neither_password_nor_mail()
    {
        using var authority = new TestAuthority();
        using var certificate = authority.Issue("127.0.0.1");
        await using var server = new MailServer(certificate);
        var failure = await Assert.ThrowsAsync<NotificationException>(() => SendAsync(server));
        Assert.Equal(("the certificate of the mail server is not trusted, or for another name", false), (failure.Message, failure.IsFinal));
        lock (server.Heard) Assert.All(server.Heard, line => Assert.Matches("^(EHLO|STARTTLS|QUIT)", line));
    }

    [Fact]
    public async Task A_server_without_STARTTLS_gets_neither_password_nor_mail()
    {
        await using var server = new MailServer();
        var failure = await Assert.ThrowsAsync<NotificationException>(() => SendAsync(server));
        Assert.Equal(("the mail server offers no STARTTLS", false), (failure.Message, failure.IsFinal));
        lock (server.Heard) Assert.All(server.Heard, line => Assert.Matches("^(EHLO|QUIT)", line));
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_said_to_be_so()
    {
        var server = new MailServer();
        await server.DisposeAsync();
        var failure = await Assert.ThrowsAsync<NotificationException>(() => SendAsync(server));
        Assert.Equal(("no connection to the mail server", false), (failure.Message, failure.IsFinal));
    }

    private Task SendAsync(MailServer server)
    {
        var receiver = new MailReceiver(new ReceiverOptions
        {
            Name = "mailbox",
            Type = ReceiverType.Mail,
            Host = "127.0.0.1",
            Port = server.Port,
            Username = "controller",
            CredentialFile = passwordFile,
            From = "controller@example.com",
            To = ["ops@example.com"],
        });
        var outcome = new ObjectOutcome("SealedSecret", new NamespacedName("shop", "db"), OutcomeState.Failed, "NoKey");
        return receiver.SendAsync(new Notification(NotificationKind.Failure, outcome, DateTimeOffset.UnixEpoch), TestContext.Current.CancellationToken);
    }
}
