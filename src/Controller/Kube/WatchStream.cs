using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace GitOpsSecrets.Controller.Kube;

/// <summary>An open watch: lines of JSON become typed events.</summary>
internal sealed class WatchStream<T>(HttpResponseMessage response, KubeKind<T> kind, TimeSpan idleTimeout, TimeProvider timeProvider) : IDisposable
    where T : class
{
    // etcd takes objects of 1.5 MiB, base64 and JSON make them bigger, and nothing sane comes near this.
    private const int LongestLine = 32 * 1024 * 1024;

    /// <summary>
    /// The events until the server ends the watch, or <paramref name="cancellationToken"/> is cancelled (which ends it without an
    /// exception), or after a <see cref="WatchEventType.Garbled"/> or <see cref="WatchEventType.Error"/> event, which is the last.
    /// </summary>
    /// <exception cref="TimeoutException">Nothing came for the idle timeout.</exception>
    /// <exception cref="KubeTransportException">The connection broke.</exception>
    public async IAsyncEnumerable<WatchEvent<T>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(await response.Content.ReadAsStreamAsync(cancellationToken));
        using var idle = new CancellationTokenSource(idleTimeout, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, idle.Token);
        try
        {
            while (await ReadMoreAsync(reader, idle, either.Token, cancellationToken) is { } read)
            {
                var rest = read.Buffer;
                while (TryTakeLine(ref rest, read.IsCompleted, out var line))
                {
                    var change = WatchLine.Read(line, kind);
                    yield return change;
                    if (change.Type is WatchEventType.Garbled or WatchEventType.Error)
                    {
                        yield break;
                    }
                }

                if (read.IsCompleted)
                {
                    yield break;
                }

                if (rest.Length > LongestLine)
                {
                    yield return new(WatchEventType.Garbled, null);
                    yield break;
                }

                reader.AdvanceTo(rest.Start, rest.End);
            }
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    public void Dispose() => response.Dispose();

    /// <summary>More bytes, or <c>null</c> when cancelled.</summary>
    private async ValueTask<ReadResult?> ReadMoreAsync(
        PipeReader reader, CancellationTokenSource idle, CancellationToken either, CancellationToken cancellationToken)
    {
        idle.CancelAfter(idleTimeout);
        try
        {
            return await reader.ReadAsync(either);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"the watch of {kind.Resource} was silent for {idleTimeout}");
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            throw new KubeTransportException($"the watch of {kind.Resource} broke off: {KubeFailure.Cause(exception, distrust: null)}", exception);
        }
    }

    /// <summary>
    /// The next line without its end. A rest without an end of line counts as a line when the stream is over, and is garbled then,
    /// unless it is whole: a server may leave out the last line feed.
    /// </summary>
    private static bool TryTakeLine(ref ReadOnlySequence<byte> rest, bool completed, out ReadOnlySequence<byte> line)
    {
        while (true)
        {
            if (rest.PositionOf((byte)'\n') is { } end)
            {
                line = rest.Slice(0, end);
                rest = rest.Slice(rest.GetPosition(1, end));
            }
            else if (completed && !rest.IsEmpty)
            {
                line = rest;
                rest = rest.Slice(rest.End);
            }
            else
            {
                line = default;
                return false;
            }

            if (!IsBlank(line))
            {
                return true;
            }
        }
    }

    private static bool IsBlank(ReadOnlySequence<byte> line)
    {
        foreach (var part in line)
        {
            if (part.Span.ContainsAnyExcept(" \t\r"u8))
            {
                return false;
            }
        }

        return true;
    }
}
