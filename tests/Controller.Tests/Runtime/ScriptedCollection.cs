using System.Collections.Concurrent;
using GitOpsSecrets.Controller.Tests.Kube;
using Microsoft.AspNetCore.Http;

namespace GitOpsSecrets.Controller.Tests.Runtime;

/// <summary>A collection whose lists and watches are answered one by one as the test says; when a script is over, its last answer stays.</summary>
internal sealed class ScriptedCollection
{
    private readonly List<Func<HttpContext, Task>> lists = [];
    private readonly List<Func<HttpContext, Task>> watches = [];

    /// <summary>The queries of the lists so far.</summary>
    public ConcurrentQueue<IQueryCollection> Lists { get; } = new();

    /// <summary>The queries of the watches so far.</summary>
    public ConcurrentQueue<IQueryCollection> Watches { get; } = new();

    /// <summary>An answer to a list: a whole page.</summary>
    public ScriptedCollection List(string version, string next, params string[] items) => List(context => context.Response.WriteAsync(
        $$"""{"kind":"ConfigMapList","metadata":{"resourceVersion":"{{version}}","continue":"{{next}}"},"items":[{{string.Join(',', items)}}]}"""));

    public ScriptedCollection List(Func<HttpContext, Task> answer)
    {
        lists.Add(answer);
        return this;
    }

    /// <summary>A watch that says these lines and ends.</summary>
    public ScriptedCollection Watch(params string[] lines) => Watch(context => context.Response.WriteAsync(string.Join('\n', lines)));

    /// <summary>A watch that says these lines and then nothing.</summary>
    public ScriptedCollection SilentWatch(params string[] lines) => Watch(async context =>
    {
        await context.Response.WriteAsync(string.Concat(lines.Select(line => line + "\n")), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
    });

    public ScriptedCollection Watch(Func<HttpContext, Task> answer)
    {
        watches.Add(answer);
        return this;
    }

    public static string Item(string name, int version) =>
        $$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{{name}}}","namespace":"team","resourceVersion":"{{{version}}}"}}""";

    public static string Event(string type, string item) => $$"""{"type":"{{type}}","object":{{item}}}""";

    public Task<ScriptedServer> StartAsync() => ScriptedServer.StartAsync(context =>
    {
        var (script, log) = context.Request.Query.ContainsKey("watch") ? (watches, Watches) : (lists, Lists);
        log.Enqueue(context.Request.Query);
        return script[Math.Min(log.Count, script.Count) - 1](context);
    });
}
