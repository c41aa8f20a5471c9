using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading.Channels;

namespace GitOpsSecrets.Controller.Tests.Notifications;

/// <summary>Enough of SMTP on loopback to take a mail, or to refuse one; with a certificate, after STARTTLS and a password.</summary>
internal sealed class MailServer : IAsyncDisposable
{
    private readonly X509Certificate2? certificate;
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Channel<string> mails = Channel.CreateUnbounded<string>();
    private readonly Task running;

    /// <param name="certificate">What it shows after STARTTLS, which it does not offer without.</param>
    public MailServer(X509Certificate2? certificate = null)
    {
        this.certificate = certificate;
        listener.Start();
        running = RunAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Answers to RCPT to come before 250.</summary>
    public Queue<string> Answers { get; } = new();

    /// <summary>Commands as they came, passwords among them.</summary>
    public List<string> Heard { get; } = [];

    /// <summary>The next mail: envelope and text.</summary>
    public async Task<string> NextAsync() => await mails.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromMinutes(5));

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await running;
        stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(stop.Token);
                try
                {
                    if (await ServeAsync(client.GetStream(), certificate is not null)) await SecureAsync(client.GetStream());
                }
                catch (Exception failure) when (failure is IOException or AuthenticationException)
                {
                    // The client went away; another may come.
                }
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException || (failure is InvalidOperationException && stop.IsCancellationRequested))
        {
            // The test is over; a listener that is stopped between two clients says so in this way too.
        }
    }

    private async Task SecureAsync(NetworkStream stream)
    {
        await using var secure = new SslStream(stream);
        await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, stop.Token);
        await ServeAsync(secure, offersTls: false, isGreeted: true);
    }

    /// <returns>True when the client wants TLS now.</returns>
    private async Task<bool> ServeAsync(Stream stream, bool offersTls, bool isGreeted = false)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8, leaveOpen: true);
        await using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\r\n", AutoFlush = true };
        var mail = new StringBuilder();
        if (!isGreeted) await writer.WriteLineAsync("220 test");
        while (await reader.ReadLineAsync(stop.Token) is { } line)
        {
            lock (Heard) Heard.Add(line);
            var verb = line.Split(' ', ':')[0].ToUpperInvariant();
            if (verb is "MAIL" or "RCPT") mail.AppendLine(line);
            switch (verb)
            {
                case "EHLO":
                    await writer.WriteLineAsync(offersTls ? "250-test\r\n250 STARTTLS" : isGreeted ? "250-test\r\n250 AUTH LOGIN" : "250 test");
                    break;
                case "STARTTLS" when offersTls:
                    await writer.WriteLineAsync("220 go on");
                    return true;
                case "AUTH":
                    await writer.WriteLineAsync("334 UGFzc3dvcmQ6");
                    mail.AppendLine(line).AppendLine(await reader.ReadLineAsync(stop.Token));
                    await writer.WriteLineAsync("235 welcome");
                    break;
                case "DATA":
                    await writer.WriteLineAsync("354 go on");
                    while (await reader.ReadLineAsync(stop.Token) is { } text && text != ".") mail.AppendLine(text);
                    mails.Writer.TryWrite(mail.ToString());
                    await writer.WriteLineAsync("250 taken");
                    break;
                case "RCPT":
                    await writer.WriteLineAsync(Answers.TryDequeue(out var answer) ? answer : "250 ok");
                    break;
                case "QUIT":
                    await writer.WriteLineAsync("221 bye");
                    return false;
                default:
                    await writer.WriteLineAsync("250 ok");
                    break;
            }
        }
        return false;
    }
}
