using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace GitOpsSecrets.Controller.Tests.Notifications;

/// <summary>Enough of SMTP on loopback to take a mail, or to refuse one.</summary>
internal sealed class MailServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Channel<string> mails = Channel.CreateUnbounded<string>();
    private readonly Task running;

    public MailServer()
    {
        listener.Start();
        running = RunAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Answers to RCPT to come before 250.</summary>
    public Queue<string> Answers { get; } = new();

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
                await ServeAsync(client.GetStream());
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException or IOException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        await using var writer = new StreamWriter(stream, new UTF8Encoding(false)) { NewLine = "\r\n", AutoFlush = true };
        var mail = new StringBuilder();
        await writer.WriteLineAsync("220 test");
        while (await reader.ReadLineAsync(stop.Token) is { } line)
        {
            var verb = line.Split(' ', ':')[0].ToUpperInvariant();
            if (verb is "MAIL" or "RCPT") mail.AppendLine(line);
            switch (verb)
            {
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
                    return;
                default:
                    await writer.WriteLineAsync("250 ok");
                    break;
            }
        }
    }
}
