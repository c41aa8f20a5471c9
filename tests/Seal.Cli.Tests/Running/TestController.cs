using System.Text.Json;
using GitOpsSecrets.Api;
using GitOpsSecrets.Sealing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace GitOpsSecrets.Seal.Cli.Tests.Running;

/// <summary>The controller's three paths over real HTTP, with chosen keys; behind a cluster's service proxy it is what the commands talk to.</summary>
internal sealed class TestController : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly KeyRing _keys;
    private readonly string _certificatePem;
    private readonly bool _original;
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _hold;
    private int _busyAnswers;

    private TestController(string certificate, string keys, bool original, int busyAnswers)
    {
        _certificatePem = File.ReadAllText(Path.Combine(Vectors.Folder, "keys", certificate + ".crt"));
        _keys = KeyRing.Of(keys.Split(',').Select(Key));
        _original = original;
        _busyAnswers = busyAnswers;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _application = builder.Build();
        _application.MapGet("/v1/cert.pem", () => Results.Text(_certificatePem, "application/x-pem-file"));
        _application.MapPost("/v1/verify", VerifyAsync);
        _application.MapPost("/v1/rotate", RotateAsync);
    }

    /// <summary>Completes when an object is held.</summary>
    public Task Held => _held.Task;

    public Uri Address => new(_application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <param name="certificate">Id of the certificate that is served and sealed to.</param>
    /// <param name="keys">Ids of the keys that open, comma-separated.</param>
    /// <param name="original">Re-encrypt as the original does: template metadata replaced, data templates lost.</param>
    /// <param name="busyAnswers">How many requests to verify or re-encrypt are first turned away with 429.</param>
    public static async Task<TestController> StartAsync(string certificate, string keys, bool original, int busyAnswers, CancellationToken cancellationToken)
    {
        var controller = new TestController(certificate, keys, original, busyAnswers);
        await controller._application.StartAsync(cancellationToken);
        return controller;
    }

    /// <summary>From now on the object of this name is not re-encrypted before its caller gives up.</summary>
    public void Hold(string name) => _hold = name;

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        _keys.Dispose();
    }

    private async Task<IResult> VerifyAsync(HttpRequest request)
    {
        if (IsBusy()) return Results.StatusCode(StatusCodes.Status429TooManyRequests);
        using var result = Unsealer.Unseal(await ReadAsync(request), _keys, UnsealOptions.Default);
        return Results.StatusCode(result.Succeeded ? StatusCodes.Status200OK : StatusCodes.Status409Conflict);
    }

    private async Task<IResult> RotateAsync(HttpRequest request)
    {
        if (IsBusy()) return Results.StatusCode(StatusCodes.Status429TooManyRequests);
        var sealedSecret = await ReadAsync(request);
        if (sealedSecret.Metadata.Name == _hold)
        {
            _held.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, request.HttpContext.RequestAborted);
        }
        SealingCertificate.TryLoad(_certificatePem, out var certificate, out _);
        var result = Resealer.Reseal(sealedSecret, _keys, certificate!, hint: !_original, UnsealOptions.Default);
        if (result.Failure is not null) return Results.StatusCode(StatusCodes.Status500InternalServerError);
        var answer = result.SealedSecret;
        if (_original) answer = answer with { Spec = answer.Spec with { Template = answer.Spec.Template! with { Metadata = answer.Metadata, Data = null } } };
        return Results.Text(JsonSerializer.Serialize(answer, ApiJson.Compact.SealedSecret));
    }

    private bool IsBusy() => Interlocked.Decrement(ref _busyAnswers) >= 0;

    private static async Task<SealedSecret> ReadAsync(HttpRequest request) =>
        (await JsonSerializer.DeserializeAsync(request.Body, ApiJson.Compact.SealedSecret, request.HttpContext.RequestAborted))!;

    private static SealingKey Key(string id)
    {
        var pem = File.ReadAllText(Path.Combine(Vectors.Folder, "keys", id + ".key"));
        return SealingPrivateKey.TryLoad(pem, out var key, out var failure) ? new SealingKey(key, DateTimeOffset.MinValue) : throw new InvalidOperationException(failure.Message);
    }
}
